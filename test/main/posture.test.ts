import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { contentSecurityPolicy, pageHeaders } from '#gateway/page-headers.ts'
import { windowOptions } from '../../main/app/window-options.ts'
import { rules, weaknesses, type Source } from '../support/posture.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let sources: Source[]

beforeAll(async () => {
  const folders = await Promise.all(['main', 'preload', 'renderer'].map(readFolder))
  const single = ['electron.vite.config.ts', 'package.json', 'build/electron-builder.yml']
  sources = [...folders.flat(), ...(await Promise.all(single.map(read)))]
})

const read = async (path: string): Promise<Source> => ({
  path,
  text: await readFile(join(root, path), 'utf8'),
})

async function readFolder(folder: string): Promise<Source[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter((it) => it.isFile() && /\.(?:tsx?|html|css)$/.test(it.name))
  return Promise.all(
    files.map(({ parentPath, name }) =>
      read(join(parentPath, name).slice(root.length).replaceAll('\\', '/')),
    ),
  )
}

test('the rules look at the whole app', () => {
  const paths = sources.map((it) => it.path)
  expect(paths).toContain('main/platform/window.ts')
  expect(paths).toContain('renderer/index.html')
  expect(paths.length).toBeGreaterThan(150)
})

describe.each(Object.entries(rules))('%s', (name, rule) => {
  test('holds for the source', () => {
    expect(rule(sources)).toEqual([])
  })

  test.each(violations(name as keyof typeof rules))('is broken by %s', (_what, changed) => {
    const others = sources.filter((it) => it.path !== changed.path)
    const before = sources.find((it) => it.path === changed.path)?.text ?? ''
    const text =
      changed.from === undefined
        ? before + changed.text
        : before.replace(changed.from, changed.text)
    expect(text).not.toBe(before)
    expect(rule([...others, { path: changed.path, text }]).length).toBeGreaterThan(0)
  })
})

interface Change {
  readonly path: string
  /** What is replaced; without it the text is added at the end. */
  readonly from?: string
  readonly text: string
}

/** For each rule, changes to the source that it must notice. */
function violations(name: keyof typeof rules): readonly (readonly [string, Change])[] {
  const added = (text: string, path = 'main/app/navigation.ts'): Change => ({ path, text })
  const instead = (path: string, from: string, text: string): Change => ({ path, from, text })
  const [windows, preload, serve] = [
    'main/platform/window.ts',
    'preload/index.ts',
    'main/bridge/serve.ts',
  ]
  const table: Record<keyof typeof rules, readonly (readonly [string, Change])[]> = {
    oneWindow: [
      ['a second window', added('new BrowserWindow({})')],
      ['a view', added('new electron.WebContentsView()', windows)],
      [
        'options from elsewhere',
        instead(windows, 'windowOptions(look)', '{ ...windowOptions(look), ...more }'),
      ],
    ],
    bannedWords: [
      ['script from main', added('page.executeJavaScript(text)')],
      [
        'HTML from a cluster',
        added(
          'export const A = () => <p dangerouslySetInnerHTML={{ __html: x }} />',
          'renderer/x.tsx',
        ),
      ],
      ['eval', added('eval(text)', 'renderer/x.ts')],
      ['a function made of text', added('const f = new Function(text)', 'renderer/x.ts')],
      ['a switch', added("app.commandLine.appendSwitch('x')")],
      ['a switch by name', added("const args = ['--no-sandbox']")],
      ['TLS off', added("process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'")],
      ['a certificate that is waved through', added("app.on('certificate-error', yes)")],
      ['a keyring that blocks', added('safeStorage.encryptString(text)')],
      ['files of the person opened', added('shell.openPath(path)')],
      ['a page from a file', added('window.loadFile(path)', windows)],
      ['a scheme that reads files', added("protocol.registerFileProtocol('x', answer)")],
      ['a file as a page', added("void window.loadURL('file:///index.html')", windows)],
      ['a file as a page, by its path', added('void window.loadURL(`file://${path}`)', windows)],
      ['another wall of files', added("const a = 'file:///*'")],
    ],
    openLinks: [
      ['a link opened elsewhere', added('void shell.openExternal(url)', 'main/platform/tray.ts')],
      ['a second link there', added('void shell.openExternal(url)', 'main/platform/dialogs.ts')],
      ['a link opened under another name', added('const { openExternal: open } = shell')],
      ['Electron’s shell elsewhere', added("import { shell } from 'electron'", windows)],
      ['and by a short name', added("import { shell as s } from 'electron'", windows)],
    ],
    settingsOf: [
      ['no sandbox', instead('main/app/window-options.ts', 'sandbox: true', 'sandbox: false')],
      ['no isolation', added('const a = { contextIsolation: false }')],
      ['Node in the page', added("const a = { 'nodeIntegration': true }")],
      [
        'a setting from elsewhere',
        instead('main/app/window-options.ts', 'webSecurity: true', 'webSecurity: given'),
      ],
      ['a scheme past the policy', added('const a = { bypassCSP: true }')],
    ],
    certificates: [
      [
        'a check that is off',
        added('const a = { rejectUnauthorized: false }', 'main/gateway/exchange.ts'),
      ],
      ['a check that may be off', added('const a = { rejectUnauthorized }', 'main/loopback/x.ts')],
    ],
    electronImports: [
      ['the renderer', added("import type { App } from 'electron'", 'renderer/x.ts')],
      ['main beside its platform', added("import { app } from 'electron'")],
      ['a late import', added("await import('electron')")],
      ['require', added("require('electron')")],
      ['a part of it', added("import { ipcMain } from 'electron/main'")],
    ],
    preloadImports: [
      ['a module of Node', added("import { readFile } from 'node:fs'", preload)],
      ['the contract at run time', instead(preload, 'import type {', 'import {')],
      ['zod', added("require('zod')", preload)],
    ],
    preloadExposes: [
      ['a second exposure', added("contextBridge.exposeInMainWorld('more', {})", preload)],
      ['another member', instead(preload, 'on: (event', 'send: (event')],
      ['one more member', instead(preload, 'gateway: (name', 'raw: 1, gateway: (name')],
      ['ipcRenderer itself', instead(preload, 'listener(value)', 'listener(ipcRenderer)')],
      ['the event', instead(preload, 'listener(value)', 'listener(_event)')],
      ['the sender', instead(preload, 'listener(value)', 'listener(_event.sender)')],
    ],
    handlers: [
      ['a handler beside the bridge', added("ipcMain.handle('x', () => 1)")],
      ['a listener', added("ipcMain.on('x', () => 1)", 'main/platform/ipc.ts')],
      ['a handler of a window', added("page.ipc.handle('x', () => 1)", windows)],
      ['the bridge from elsewhere', added("ipc.handle('x', () => 1)", 'main/services.ts')],
    ],
    guarded: [
      ['a handler without guard', added("ipc.handle('x', (event, input) => answer(input))", serve)],
      [
        'a guard that comes late',
        instead(serve, 'const done = guard', 'await 0\n const done = guard'),
      ],
    ],
    plainHttp: [
      ['an address', added("const a = 'http://example.test/x'", 'renderer/x.ts')],
      [
        'a style sheet',
        added('@import url(http://example.test/a.css);', 'renderer/styles/tokens.css'),
      ],
      [
        'a host that only looks local',
        added("const a = 'http://localhost.evil.test'", 'renderer/x.ts'),
      ],
    ],
    pages: [
      ['a script in the page', added('<script>1</script>', 'renderer/index.html')],
      ['a handler in the page', added('<p onclick="x()">', 'renderer/index.html')],
      [
        'a script from elsewhere',
        added('<script src="//cdn.test/x.js"></script>', 'renderer/index.html'),
      ],
      ['a frame', added('<iframe></iframe>', 'renderer/public/stopped.html')],
    ],
    packaging: [
      ['no sandbox', added('x: [--no-sandbox]', 'build/electron-builder.yml')],
      [
        'an AppImage with the packer’s own switches',
        instead('build/electron-builder.yml', '  executableArgs: []', '  category: Development'),
      ],
      [
        'an AppImage with a switch',
        instead('build/electron-builder.yml', 'executableArgs: []', 'executableArgs: [--x]'),
      ],
    ],
  }
  return table[name]
}

test('every window is made like this and can be made no other way', () => {
  const look = {
    preload: '/app/preload/index.cjs',
    bounds: { x: 1, y: 2, width: 1280, height: 800 },
    background: '#fdfdfd',
    devTools: false,
  }
  const more = { webPreferences: { sandbox: false, commandLineSwitches: ['x'] }, kiosk: true }
  const options = windowOptions({ ...look, ...more } as typeof look)
  expect(options).toEqual({
    title: 'Gatehouse',
    x: 1,
    y: 2,
    width: 1280,
    height: 800,
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: '#fdfdfd',
    autoHideMenuBar: true,
    webPreferences: {
      preload: '/app/preload/index.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      v8CacheOptions: 'bypassHeatCheck',
      devTools: false,
    },
  })
  expect(Object.isFrozen(options) && Object.isFrozen(options.webPreferences)).toBe(true)
})

test('the policy of both homes allows scripts from home only, and no text as code', () => {
  expect(weaknesses(contentSecurityPolicy)).toEqual([])
  expect(
    weaknesses(
      contentSecurityPolicy.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'"),
    ),
  ).toEqual(['script-src'])
  expect(weaknesses(contentSecurityPolicy.replace("; base-uri 'none'", ''))).toEqual(['base-uri'])
  expect(weaknesses(`${contentSecurityPolicy}; frame-src *`)).toEqual(['frame-src'])
  expect(Object.isFrozen(pageHeaders)).toBe(true)
})
