import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { launchDesktop, type Desktop } from '../../support/electron/desktop.ts'

// An app of a few lines, so that what fails here is the way to Electron and not Gatehouse.
const main = `
const { app, BrowserWindow, ipcMain, protocol, safeStorage } = require('electron')
console.log('first words')
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }])
app.whenReady().then(() => {
  protocol.handle('app', (request) => new URL(request.url).pathname === '/'
    ? new Response('<h1>It works</h1>', { headers: { 'content-type': 'text/html', 'x-test': 'yes' } })
    : new Response('nothing', { status: 404 }))
  ipcMain.handle('seal', async (_event, text) => (await safeStorage.decryptStringAsync(await safeStorage.encryptStringAsync(text))).result)
  new BrowserWindow({ webPreferences: { sandbox: true, contextIsolation: true, preload: __dirname + '/preload.cjs' } })
    .loadURL('app://here/')
})
app.on('window-all-closed', () => app.quit())
`
const preload = `
const { contextBridge, ipcRenderer } = require('electron')
contextBridge.exposeInMainWorld('bridge', { seal: (text) => ipcRenderer.invoke('seal', text) })
`

let folder: string
let desktop: Desktop

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-electron-'))
  const app = join(folder, 'app')
  await mkdir(app)
  const manifest = { name: 'scratch', version: '1.2.3', main: 'main.cjs' }
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(app, 'main.cjs'), main)
  await writeFile(join(app, 'preload.cjs'), preload)
  desktop = await launchDesktop({ userData: join(folder, 'data'), folder: app })
})

afterAll(async () => {
  await desktop?.close()
  await rm(folder, { recursive: true, force: true })
})

test('a real Electron opens a window from a scheme of its own, with the headers that main gave', async () => {
  await desktop.window.waitForSelector('h1')
  expect(await desktop.window.textContent('h1')).toBe('It works')
  expect(desktop.window.url()).toBe('app://here/')
  const answer = await desktop.window.evaluate(async () => {
    const there = await fetch('/')
    const missing = await fetch('/other')
    return { header: there.headers.get('x-test'), missing: missing.status }
  })
  expect(answer).toEqual({ header: 'yes', missing: 404 })
})

test('a sandboxed preload, the context bridge and safeStorage answer as on the pinned Electron', async () => {
  const back = await desktop.window.evaluate(() =>
    (globalThis as unknown as { bridge: { seal(text: string): Promise<string> } }).bridge.seal('é'),
  )
  expect(back).toBe('é')
  const name = await desktop.app.evaluate(({ app }) => [app.getName(), app.getVersion()])
  expect(name).toEqual(['scratch', '1.2.3'])
})

test('what the app remembers goes where the test said', async () => {
  const userData = await desktop.app.evaluate(({ app }) => app.getPath('userData'))
  expect(userData).toBe(join(folder, 'data'))
  expect(desktop.output()).toContain('first words')
})

test('a real Chromium shows a page for the web console', async () => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.setContent('<title>here</title>')
    expect(await page.title()).toBe('here')
    expect(Number(browser.version().split('.')[0])).toBeGreaterThan(107)
  } finally {
    await browser.close()
  }
})
