import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Bridge, Reply } from '#bridge'
import { pageHeaders } from '#gateway/page-headers.ts'
import { makeAuthority } from '../support/cluster/certificates.ts'
import { launchDesktop, type Desktop } from '../support/electron/desktop.ts'
import { administrator, startGateway, type TestGateway } from '../support/gateway.ts'
import { listenTls } from '../support/tls-server.ts'

declare const window: { bridge: Bridge; open(url: string): unknown; location: { href: string } }
declare const document: { cookie: string }
declare const localStorage: object
declare const sessionStorage: object
interface PagePort {
  onmessage: (event: { data: string }) => void
  close(): void
}
declare function addEventListener(
  name: 'message',
  listener: (event: { data: { gatehousePort?: string }; ports: PagePort[] }) => void,
): void

let gateway: TestGateway
let folder: string
let desktop: Desktop

// One real Electron for all: what is shown here is what only Electron can show.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-app-'))
  gateway = await startGateway()
  await gateway.admin()
  desktop = await launchDesktop({ userData: folder })
  await desktop.window.waitForLoadState('load')
})
afterAll(async () => {
  await desktop?.close()
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
})

type Ask = readonly ['gateway' | 'desktop', string, unknown]
const ask = (...[home, name, input]: Ask): Promise<Reply> =>
  desktop.window.evaluate(
    ([where, what, value]) => window.bridge[where as 'desktop'](what as string, value),
    [home, name, input] as [string, string, unknown],
  )
const valueOf = (reply: Reply) => {
  if (!reply.ok) throw new Error(JSON.stringify(reply.error))
  return reply.value as Record<string, unknown>
}
const codeOf = (reply: Reply) => (reply.ok ? 'ok' : (reply.error as { code: string }).code)

test('the window shows the app’s own page, with its policy and without Node', async () => {
  const page = desktop.window
  expect(page.url()).toMatch(/^app:\/\/gatehouse\/index\.html/)
  const seen = await page.evaluate(async () => ({
    bridge: Object.keys(window.bridge),
    node: ['require', 'process', 'module', 'Buffer'].filter((it) => it in window),
    policy: (await fetch('/index.html')).headers.get('content-security-policy'),
    outside: await fetch('/../../package.json').then(
      ({ status }) => status,
      () => 'failed',
    ),
  }))
  expect(seen.bridge.toSorted()).toEqual(['desktop', 'gateway', 'on', 'open'])
  expect(seen.node).toEqual([])
  expect(seen.policy).toBe(pageHeaders['Content-Security-Policy'])
  expect(seen.outside).not.toBe(200)
})

test('every window that exists is sandboxed and isolated', async () => {
  const told = await desktop.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) => {
      const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = (
        webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences()
      return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity }
    }),
  )
  expect(told).toEqual([
    {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
    },
  ])
})

test('the page can go nowhere else, open nothing and reach no network', async () => {
  const page = desktop.window
  const before = page.url()
  const opened = await page.evaluate(() => window.open('https://example.test/') === null)
  expect(opened).toBe(true)
  await page.evaluate(() => {
    window.location.href = 'https://example.test/'
  })
  const reached = await page.evaluate(
    (address) =>
      fetch(`${address}/api/status`).then(
        () => 'reached',
        () => 'refused',
      ),
    gateway.address,
  )
  expect(reached).toBe('refused')
  expect(page.url()).toBe(before)
  expect(
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
  ).toBe(1)
})

test('a permission that is not for copying is denied', async () => {
  const states = await desktop.window.evaluate(async () => {
    const query = (name: string) =>
      (
        navigator as unknown as { permissions: { query(it: object): Promise<{ state: string }> } }
      ).permissions
        .query({ name })
        .then(
          ({ state }) => state,
          () => 'unknown',
        )
    return Promise.all(['geolocation', 'notifications', 'camera', 'midi'].map(query))
  })
  expect(states).not.toContain('granted')
})

test('a gateway is looked at, trusted, signed in to and left, and no token comes to the page', async () => {
  expect(valueOf(await ask('desktop', 'session.state', {}))).toEqual({ status: 'no gateway' })
  const { address } = gateway
  const found = valueOf(await ask('desktop', 'gateways.probe', { address }))
  expect(found['status']).toBe('new')
  const { fingerprint } = found['certificate'] as { fingerprint: string }
  valueOf(await ask('desktop', 'gateways.trust', { address, fingerprint }))
  const { name, password } = administrator
  const state = valueOf(await ask('desktop', 'session.signIn', { name, password }))
  expect(state).toMatchObject({ status: 'signed in', person: { name } })
  expect(valueOf(await ask('gateway', 'persons.me', {}))).toMatchObject({ name })
  expect(codeOf(await ask('gateway', 'entry.signIn', { name, password, device: 'x' }))).toBe(
    'not_found',
  )
  expect(codeOf(await ask('gateway', '../desktop:session.state', {}))).toBe('not_found')

  // A stream over a real port of Electron: opened at the gateway, ended by the page.
  const opened = await desktop.window.evaluate(async () => {
    const nonce = 'nonce-0123456789'
    const port = new Promise<PagePort>((resolve) => {
      addEventListener('message', (event) => {
        if (event.data.gatehousePort === nonce && event.ports[0]) resolve(event.ports[0])
      })
    })
    await window.bridge.open('views', nonce, {})
    const mine = await port
    return new Promise<string>((resolve) => {
      mine.onmessage = ({ data }) => {
        resolve(data)
        mine.close()
      }
    })
  })
  expect(JSON.parse(opened)).toEqual({ type: 'opened' })
  expect(valueOf(await ask('desktop', 'session.signOut', {}))).toMatchObject({
    status: 'signed out',
  })
})

test('no token lies in a file of the app, in its page or in its log', async () => {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const texts = await Promise.all(
    files
      .filter((it) => it.isFile())
      .map((it) => readFile(join(it.parentPath, it.name), 'latin1').catch(() => '')),
  )
  const token = /eyJ[\w-]{10,}\.[\w-]{10,}\.|ghr_[0-9a-f]{8}/
  expect(texts.filter((it) => token.test(it))).toEqual([])
  const page = await desktop.window.evaluate(() =>
    JSON.stringify([localStorage, sessionStorage, document.cookie]),
  )
  expect(page + desktop.output()).not.toMatch(token)
})

test('a link that comes while the page is loaded again leads it, and none that is too long stops the app', async () => {
  const page = desktop.window
  await desktop.app.evaluate(({ app, BrowserWindow }) => {
    const link = { preventDefault: () => undefined }
    const long = 'é'.repeat(200)
    app.emit('open-url', link, `gatehouse://c/dev@viewer?q=${long}&l=${long}&s=${long}`)
    const [window] = BrowserWindow.getAllWindows()
    window?.webContents.once('did-start-navigation', () => {
      app.emit('open-url', link, 'gatehouse://c/dev@viewer/core/v1/pods?ns=web')
    })
    window?.webContents.reload()
  })
  await expect.poll(() => new URL(page.url()).hash).toBe('#/c/dev@viewer/core/v1/pods?ns=web')
  await page.evaluate(() => {
    window.location.href = '#/'
  })
  await desktop.app.evaluate(({ app }) => {
    app.emit('open-url', { preventDefault: () => undefined }, 'gatehouse://settings')
  })
  await expect.poll(() => new URL(page.url()).hash).toBe('#/settings')
})

test('another key is asked about in a dialog of the system, with both fingerprints', async () => {
  const authority = await makeAuthority()
  const first = await listenTls(await authority.certificateFor(['127.0.0.1']))
  const address = `https://127.0.0.1:${String(first.port)}`
  const probe = async () => valueOf(await ask('desktop', 'gateways.probe', { address }))
  const keyOf = (found: Record<string, unknown>) =>
    (found['certificate'] as { fingerprint: string }).fingerprint
  const before = keyOf(await probe())
  const { id } = valueOf(await ask('desktop', 'gateways.trust', { address, fingerprint: before }))
  await first.close()
  const second = await listenTls(await authority.certificateFor(['127.0.0.1']), first.port)
  try {
    const found = await probe()
    expect(found).toMatchObject({ status: 'changed', known: before, vouched: false })
    const fingerprint = keyOf(found)
    const answerWith = (response: number) =>
      desktop.app.evaluate(({ dialog }, chosen) => {
        dialog.showMessageBox = (async (...given: unknown[]) => {
          Object.assign(globalThis, { asked: given.at(-1) })
          return { response: chosen, checkboxChecked: false }
        }) as typeof dialog.showMessageBox
      }, response)
    const change = { id, fingerprint, typedHost: '127.0.0.1' }
    await answerWith(0)
    expect(codeOf(await ask('desktop', 'gateways.replaceKey', change))).toBe('forbidden')
    expect(await probe()).toMatchObject({ status: 'changed' })
    const asked = await desktop.app.evaluate(
      () => (globalThis as unknown as { asked: { detail: string; defaultId: number } }).asked,
    )
    expect(asked.detail).toContain(before)
    expect(asked.detail).toContain(fingerprint)
    expect(asked.defaultId).toBe(0)
    await answerWith(1)
    expect(valueOf(await ask('desktop', 'gateways.replaceKey', change))).toMatchObject({ id })
    expect(await probe()).toMatchObject({ status: 'known' })
    expect(codeOf(await ask('desktop', 'gateways.forget', { id }))).toBe('ok')
  } finally {
    await second.close()
  }
})

test('the way from start to window is measured, and the window does not wait for the rest', async () => {
  const { marks } = valueOf(await ask('desktop', 'shell.about', {})) as {
    marks: Record<string, number>
  }
  expect(Object.keys(marks)).toEqual([
    'main started',
    'ready',
    'window made',
    'served',
    'tray made',
  ])
  expect(Object.values(marks)).toEqual(Object.values(marks).toSorted((a, b) => a - b))
})

test('a page that dies is loaded again, and is said to have stopped the third time', async () => {
  const crash = async () => {
    const loaded = desktop.app.evaluate(
      ({ BrowserWindow }) =>
        new Promise<string>((resolve) => {
          const [window] = BrowserWindow.getAllWindows()
          window?.webContents.once('did-finish-load', () => {
            resolve(window.webContents.getURL())
          })
          window?.webContents.forcefullyCrashRenderer()
        }),
    )
    return loaded
  }
  expect(await crash()).toContain('/index.html')
  expect(await crash()).toContain('/index.html')
  expect(await crash()).toContain('/stopped.html')
  expect(await readFile(join(folder, 'logs', 'main.log'), 'utf8')).toContain('(crashed): give up')
})
