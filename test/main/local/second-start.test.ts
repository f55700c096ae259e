import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchDesktop, type Desktop } from '../../support/electron/desktop.ts'

let folder: string
let desktop: Desktop

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-second-'))
  const link = 'gatehouse://c/dev@viewer/core/v1/pods?ns=web'
  desktop = await launchDesktop({ userData: folder, args: [link] })
  await desktop.window.getByRole('textbox', { name: 'Address' }).waitFor()
})
afterAll(async () => {
  await desktop?.close()
  await rm(folder, { recursive: true, force: true })
})

const hash = () => new URL(desktop.window.url()).hash
const windows = () =>
  desktop.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((it) => it.isVisible()),
  )
const hide = () =>
  desktop.app.evaluate(({ BrowserWindow }) => {
    for (const it of BrowserWindow.getAllWindows()) it.hide()
  })

test('a link that starts the app leads to its place', () => {
  expect(hash()).toBe('#/c/dev@viewer/core/v1/pods?ns=web')
})

test('a second start with a link ends at once and leads the first one there, to the front', async () => {
  await hide()
  expect(await windows()).toEqual([false])
  const link = 'gatehouse://c/prod@admin/apps/v1/deployments?q=shop&open=web/shop'
  expect(await desktop.startAgain([link])).toBe(0)
  await expect.poll(hash).toBe('#/c/prod@admin/apps/v1/deployments?q=shop&open=web/shop')
  await expect.poll(windows).toEqual([true])
})

test('a second start without a link, or with one that leads nowhere, only brings the window', async () => {
  const before = hash()
  for (const args of [
    [],
    ['gatehouse://terminal/dev@viewer'],
    ['gatehouse://c/../../etc/passwd'],
  ]) {
    await hide()
    expect(await desktop.startAgain(args)).toBe(0)
    await expect.poll(windows).toEqual([true])
  }
  expect(hash()).toBe(before)
})
