import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Bridge } from '#bridge'
import { sizeOf } from '../../../main/bridge/size.ts'
import { launchDesktop, type Desktop } from '../../support/electron/desktop.ts'

declare const window: { bridge: Bridge }
declare const URL: { createObjectURL(it: unknown): string }
declare const Blob: new (parts: readonly string[]) => unknown
interface Link {
  href: string
  download: string
  click(): void
}
declare const document: { createElement(name: 'a'): Link; body: { append(it: Link): void } }

let folder: string
let desktop: Desktop

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-app-'))
  desktop = await launchDesktop({ userData: folder })
  await desktop.window.waitForLoadState('load')
})
afterAll(async () => {
  await desktop?.close()
  await rm(folder, { recursive: true, force: true })
})

// electron-helm.md: what crosses the border to the machine goes through the bridge, where it is asked and counted
test('a page that got a script saves no file past the bridge', async () => {
  // Whatever the app does: nobody is here to answer a dialog of the system.
  await desktop.app.evaluate(({ session }) => {
    session.defaultSession.on('will-download', (_event, item) => {
      item.cancel()
    })
  })
  await desktop.window.evaluate(() => {
    const blob = URL.createObjectURL(new Blob(['#!/bin/sh']))
    for (const href of ['data:text/plain,hello', blob]) {
      const link = document.createElement('a')
      Object.assign(link, { href, download: 'update.sh' })
      document.body.append(link)
      link.click()
    }
  })
  const log = () => readFile(join(folder, 'logs', 'main.log'), 'utf8')
  await expect.poll(log).toContain('kept from going to data:')
  await expect.poll(log).toContain('kept from going to blob:')
})

test('a list of millions is refused by its length, before anything is made of it', async () => {
  const reply = await desktop.window.evaluate(() =>
    window.bridge.desktop(
      'session.state',
      Array.from({ length: 600_000 }, () => 0),
    ),
  )
  expect(reply).toMatchObject({ ok: false, error: { code: 'too_large' } })
  const list = Array.from({ length: 5_000_000 }, () => 0)
  const before = process.memoryUsage().heapUsed
  expect(() => sizeOf({ list }, 2_000_000)).toThrow('more than')
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000)
})
