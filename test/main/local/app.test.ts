import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchDesktop, type Desktop } from '../../support/electron/desktop.ts'

let folder: string
let desktop: Desktop

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-app-'))
  desktop = await launchDesktop({ userData: folder })
})
afterAll(async () => {
  await desktop?.close()
  await rm(folder, { recursive: true, force: true })
})

test('the app opens its window in a real Electron and asks for a gateway', async () => {
  const address = desktop.window.getByRole('textbox', { name: 'Address' })
  await address.waitFor()
  expect(new URL(desktop.window.url()).protocol).toBe('app:')
})

test('its page holds the bridge and nothing of the machine', async () => {
  const seen = await desktop.window.evaluate(() => {
    const page = globalThis as unknown as Record<string, object | undefined>
    return {
      bridge: Object.keys(page['bridge'] ?? {}).sort(),
      machine: ['require', 'process', 'Buffer', 'module'].filter((it) => page[it] !== undefined),
    }
  })
  expect(seen).toEqual({ bridge: ['desktop', 'gateway', 'on', 'open'], machine: [] })
})

test('its main process asked for the sandbox of every page', async () => {
  const preferences = await desktop.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((it) => {
      const { webContents } = it as unknown as {
        webContents: { getLastWebPreferences(): Record<string, unknown> }
      }
      const { sandbox, contextIsolation, nodeIntegration } = webContents.getLastWebPreferences()
      return { sandbox, contextIsolation, nodeIntegration }
    }),
  )
  expect(preferences).toEqual([{ sandbox: true, contextIsolation: true, nodeIntegration: false }])
})
