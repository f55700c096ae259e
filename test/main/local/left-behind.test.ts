import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Place } from '#gateway/place.ts'
import type { StreamPort } from '#gateway/streams.ts'
import type { Device } from '../../../main/gateway/device.ts'
import { makePrivateFolder, writePrivateFile } from '../../../main/loopback/private-folder.ts'
import { Local } from '../../../main/local.ts'
import { lineTo } from './gateway-line.ts'

const silent = () => undefined
const closers: (() => void)[] = []
const onClose = (listener: () => void) => void closers.push(listener)
const port = { onClose, onMessage: silent, onBytes: silent } as unknown as StreamPort

test('what an app that was killed has left goes before its next terminal, and only then', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-left-'))
  const terminals = join(folder, 'terminals')
  const line = lineTo({ address: 'https://127.0.0.1:1', caPem: '', token: 'none' })
  const device = Object.assign(line, { state: { status: 'signed in' } }) as unknown as Device
  let found: boolean[] = []
  const open: (readonly Place[])[] = []
  const leave = async () => {
    const kubeconfig = join(await makePrivateFolder(terminals), 'kubeconfig')
    await writePrivateFile(kubeconfig, 'of a terminal')
    return kubeconfig
  }
  const old = await leave()
  const local = new Local({
    device: () => device,
    terminals,
    homes: join(folder, 'homes'),
    startHost: () => {
      found = [existsSync(old)]
      throw new Error('no shell in this test')
    },
    confirm: async () => true,
    onTerminals: () => open.push(local.terminals()),
    onForwards: () => undefined,
    onRefused: () => undefined,
  })
  try {
    const input = { cluster: 'one', profile: 'viewer', columns: 80, rows: 24 }
    const attempt = () => local.openTerminal(input, port)
    await expect(attempt()).rejects.toThrow('no shell in this test')
    expect(found).toEqual([false])
    for (const close of closers.splice(0)) close()
    expect(open).toEqual([[{ cluster: 'one', profile: 'viewer' }], []])
    // Of another terminal that lives.
    const young = await leave()
    await expect(attempt()).rejects.toThrow('no shell in this test')
    expect(existsSync(young)).toBe(true)
  } finally {
    await local.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
