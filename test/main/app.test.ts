import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type { Session, WebContents } from 'electron'
import { beforeEach, expect, test } from 'vitest'
import { desktopEvents } from '#bridge'
import type { Forward } from '#bridge/forwards.ts'
import { afterCrash, LoopGuard, onFatal, onGpuCrash } from '../../main/app/crashes.ts'
import { handoverOf, pathOfHandover, pathOfLink } from '../../main/app/deep-links.ts'
import { judgeExternal } from '../../main/app/external.ts'
import { openLog } from '../../main/app/log.ts'
import { menuTemplate } from '../../main/app/menu.ts'
import { guardNavigation, type Navigating } from '../../main/app/navigation.ts'
import { closeNetwork, closedToPages } from '../../main/app/network.ts'
import { isAppUrl } from '../../main/app/origin.ts'
import { denyPermissions, mayUse, type PermissionSource } from '../../main/app/permissions.ts'
import { redact } from '../../main/app/redact.ts'
import { serveFile } from '../../main/app/served-files.ts'
import { drawIcon, drawMark } from '../../main/app/tray-image.ts'
import { trayLines, trayTip, type TrayState } from '../../main/app/tray-menu.ts'
import { WakeWatch } from '../../main/app/wake.ts'
import { placeOn, readWindowState, writeWindowState } from '../../main/app/window-state.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-app-'))
  return () => rm(folder, { recursive: true, force: true })
})

/** Addresses that look like the app's and are not. */
const strangers = [
  'https://gatehouse/',
  'app://gatehouse.evil/',
  'app://gatehouse./',
  'app://GATEHOUSE/',
  'app://evil@gatehouse/',
  'app://gatehouse@evil/',
  'app://gatehouse:8080/',
  'app:///gatehouse/',
  'app:gatehouse/',
  'APPS://gatehouse/',
  'app://gatehouse\\.evil/',
  'javascript:alert(1)',
  'data:text/html,<b>',
  'file:///etc/passwd',
  'about:blank',
  'blob:app://gatehouse/1',
  '',
  'not an address',
]

test('a window stays on the app’s own pages, whatever leads away and however', () => {
  expect(isAppUrl('app://gatehouse/index.html#/c/dev@viewer')).toBe(true)
  expect(strangers.filter(isAppUrl)).toEqual([])
})

test('navigation is stopped on every way out, and no window and no webview is made', () => {
  const events = new EventEmitter()
  let opener: (details: { url: string }) => unknown = () => undefined
  const contents = Object.assign(events, {
    setWindowOpenHandler: (handler: typeof opener) => (opener = handler),
  }) as unknown as Navigating
  const strayed: string[] = []
  guardNavigation(contents, (url) => strayed.push(url))
  const stopped = (event: string, url: string, old = false) => {
    let prevented = false
    const details = { ...(!old && { url }), preventDefault: () => (prevented = true) }
    events.emit(event, details, url)
    return prevented
  }
  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
    expect(strangers.filter((it) => !stopped(event, it))).toEqual([])
    expect(stopped(event, 'https://evil.test', true)).toBe(true)
    expect(stopped(event, 'app://gatehouse/index.html')).toBe(false)
    expect(stopped(event, 'app://gatehouse/index.html', true)).toBe(false)
  }
  expect(stopped('will-attach-webview', '')).toBe(true)
  expect(opener({ url: 'app://gatehouse/index.html' })).toEqual({ action: 'deny' })
  expect(strayed).toContain('https://evil.test')
  // The real thing has what the guard listens to.
  const real = null as unknown as Pick<WebContents, 'on' | 'setWindowOpenHandler'>
  expect(real satisfies object).toBeNull()
})

test('a page reaches no network, even where its policy would let it', () => {
  const strayed: string[] = []
  const asked: string[][] = []
  const session = {
    webRequest: {
      onBeforeRequest: (
        { urls }: { urls: string[] },
        listener: (
          details: { url: string },
          callback: (answer: { cancel: boolean }) => void,
        ) => void,
      ) => {
        asked.push(urls)
        listener({ url: 'https://evil.test/' }, (answer) => {
          expect(answer).toEqual({ cancel: true })
        })
      },
    },
  }
  let kept = false
  const on = (
    _event: 'will-download',
    listener: (event: { preventDefault(): void }, item: { getURL(): string }) => void,
  ) => listener({ preventDefault: () => (kept = true) }, { getURL: () => 'blob:x' })
  closeNetwork({ ...session, on }, (url) => strayed.push(url))
  expect(asked).toEqual([closedToPages])
  expect(strayed).toEqual(['https://evil.test/', 'blob:x'])
  expect(kept).toBe(true)
})

const gateway = 'https://gateway.test:8443'
test.each([
  ['https://gateway.test:8443/docs', 'open'],
  ['https://gateway.test/docs', 'ask'],
  ['https://elsewhere.test/', 'ask'],
  ['https://gateway.test:8443.evil.test/', 'refuse'],
  ['https://gateway.test:8443@evil.test/', 'refuse'],
  ['https://user:word@gateway.test:8443/', 'refuse'],
  ['http://gateway.test:8443/', 'refuse'],
  ['javascript:alert(1)', 'refuse'],
  ['file:///usr/bin/sh', 'refuse'],
  ['smb://host/share', 'refuse'],
  ['ms-msdt:/id', 'refuse'],
  ['mailto:a@b.test', 'refuse'],
  ['vscode://x', 'refuse'],
  ['https://e\u0000vil.test/', 'refuse'],
  ['https://evil.test/\nhttps://gateway.test', 'refuse'],
  ['https://evil.test\\@gateway.test:8443/', 'refuse'],
  [' https://gateway.test:8443/', 'refuse'],
  ['https://gateway.test:8443/\u202Etxt.exe', 'refuse'],
  [`https://gateway.test:8443/${'x'.repeat(3000)}`, 'refuse'],
  ['', 'refuse'],
])('the link %j: %s', (url, verdict) => {
  expect(judgeExternal(url, gateway).status).toBe(verdict)
})

test('without a gateway every link is the person’s to decide', () => {
  expect(judgeExternal('https://gateway.test/', undefined).status).toBe('ask')
})

function names(count: number, separator = ','): string {
  return Array.from({ length: count }, (_, index) => `n${String(index)}`).join(separator)
}

test.each([
  ['gatehouse://c/dev@viewer', '/c/dev@viewer'],
  ['gatehouse://c/dev@viewer/', '/c/dev@viewer'],
  ['GATEHOUSE://c/dev@viewer', '/c/dev@viewer'],
  ['gatehouse://c/a@v+b@v/core/v1/pods?ns=x,y&q=web', '/c/a@v+b@v/core/v1/pods?ns=x%2Cy&q=web'],
  [
    'gatehouse://c/dev@viewer/apps/v1/deployments?open=ns/web&tab=yaml',
    '/c/dev@viewer/apps/v1/deployments?open=ns%2Fweb&tab=yaml',
  ],
  [
    'gatehouse://c/a@v/core/v1/nodes?open=_/node-1/a@v&full=1',
    '/c/a@v/core/v1/nodes?open=_%2Fnode-1%2Fa%40v&full=1',
  ],
  ['gatehouse://settings', '/settings'],
  ['gatehouse://admin/audit', '/admin/audit'],
  // What is not known, or would do more than show, is left out.
  ['gatehouse://c/dev@viewer?tab=terminal', '/c/dev@viewer'],
  ['gatehouse://c/dev@viewer?tab=metrics', '/c/dev@viewer'],
  ['gatehouse://c/dev@viewer?tab=events', '/c/dev@viewer?tab=events'],
  ['gatehouse://c/dev@viewer?action=delete&token=eyJ', '/c/dev@viewer'],
  ['gatehouse://c/dev@viewer?__proto__=x&constructor=y', '/c/dev@viewer'],
  [`gatehouse://c/dev@viewer?ns=${names(20)}`, `/c/dev@viewer?ns=${names(20, '%2C')}`],
  ['gatehouse://c/dev@viewer?open=ns/..', '/c/dev@viewer'],
  ['gatehouse://c/dev@viewer#/admin/persons', '/c/dev@viewer'],
])('the link %j leads to %j', (link, path) => {
  expect(pathOfLink(link)).toBe(path)
})

test.each([
  'gatehouse://sign-in',
  'gatehouse://gateway/add?address=https://evil.test',
  'gatehouse://c/DEV@viewer',
  'gatehouse://c/dev',
  'gatehouse://c/dev@viewer/../../admin/persons',
  'gatehouse://c/dev%2540viewer',
  'gatehouse://c/dev@viewer/core/v1/pods/extra',
  'gatehouse://c/dev@viewer%2Fcore%2Fv1%2Fpods%3Fx%00',
  'gatehouse://user:word@settings',
  'gatehouse://settings:80',
  'gatehouse:settings',
  'gatehouse:///',
  'https://settings',
  'gatehouse://admin/%2e%2e',
  `gatehouse://c/dev@viewer?q=${'x'.repeat(3000)}`,
  // What narrows a list and cannot be kept: without it the list would show more than was meant.
  `gatehouse://c/dev@viewer/core/v1/pods?ns=${names(21)}`,
  'gatehouse://c/dev@viewer?ns=..%2F..',
  'gatehouse://c/dev@viewer?ns=web&ns=..',
  'gatehouse://c/dev@viewer?q=%00',
  `gatehouse://c/dev@viewer?l=${'x'.repeat(201)}`,
  // Short as a link, and too long for the page once every character is escaped.
  `gatehouse://c/dev@viewer?q=${'é'.repeat(200)}&l=${'é'.repeat(200)}`,
  '',
  undefined,
  { path: '/settings' },
])('the link %j leads nowhere', (link) => {
  expect(pathOfLink(link)).toBeUndefined()
})

test('no link makes main fail, and whatever one leads to the page takes', () => {
  const parts = [
    'c/dev@viewer',
    '?',
    '&',
    'ns=',
    'q=',
    'l=',
    'open=',
    '%',
    '%F0',
    'é',
    '𝄞',
    '\uD800',
    '#',
  ]
  let led = 0
  for (let count = 0; count < 3000; count += 1) {
    const bytes = randomBytes(24)
    const tail = [...bytes].map((it) => (parts[it % parts.length] ?? '').repeat(1 + (it >> 5)))
    const path = pathOfLink(`gatehouse://c/dev@viewer?q=${tail.join('')}`)
    if (path === undefined) continue
    led += 1
    expect(desktopEvents.navigate.safeParse({ path }).success).toBe(true)
  }
  expect(led).toBeGreaterThan(0)
})

test('a second start hands over a place and nothing else, wherever the link stands among its arguments', () => {
  const argv = ['app', '--allow-file-access', 'gatehouse://settings?token=1', '--inspect']
  expect(handoverOf(argv)).toEqual({ path: '/settings' })
  expect(handoverOf(['app', 'gatehouse://evil'])).toEqual({})
  expect(pathOfHandover({ path: '/c/a@v/core/v1/pods?ns=x%2Cy' })).toBe(
    '/c/a@v/core/v1/pods?ns=x%2Cy',
  )
  for (const data of [
    null,
    undefined,
    'x',
    {},
    { path: 1 },
    { path: '//evil' },
    { path: '/sign-in' },
  ])
    expect(pathOfHandover(data)).toBeUndefined()
})

/** Every name of Electron 45, and some that do not exist. */
const permissions = `
ar automatic-fullscreen background-fetch background-sync captured-surface-control deprecated-sync-clipboard-read display-capture fileSystem fullscreen geolocation geolocation-approximate hand-tracking hid idle-detection keyboardLock local-fonts local-network local-network-access loopback-network media mediaKeySystem midi midiSysex nfc notifications openExternal payment-handler periodic-background-sync persistent-storage pointerLock screen-wake-lock sensors serial smart-card speaker-selection storage-access system-wake-lock top-level-storage-access usb vr web-app-installation web-printing window-management unknown , , 
`
  .split(/\s+/)
  .concat('toString')

test('only copying is permitted, to our own page’s main frame', () => {
  const [origin, permission] = ['app://gatehouse', 'clipboard-sanitized-write']
  const may = (it: string) => mayUse({ permission: it, origin, mainFrame: true })
  expect([...permissions, 'clipboard-read', permission].filter(may)).toEqual([permission])
  const there = (it: string) => mayUse({ permission, origin: it, mainFrame: true })
  expect(strangers.filter(there)).toEqual([])
  expect(mayUse({ permission, origin, mainFrame: false })).toBe(false)
})

test('the session’s handlers answer at once, also without a page to ask for', () => {
  type Asked = Parameters<Parameters<PermissionSource['setPermissionRequestHandler']>[0]>
  let request: (...asked: Asked) => void = () => undefined
  let check: Parameters<PermissionSource['setPermissionCheckHandler']>[0] = () => true
  let device = () => true
  let media: unknown = 'not asked'
  denyPermissions({
    setPermissionRequestHandler: (handler) => (request = handler),
    setPermissionCheckHandler: (handler) => (check = handler),
    setDevicePermissionHandler: (handler) => (device = handler),
    setDisplayMediaRequestHandler: (handler) => {
      handler({}, (streams) => (media = streams))
    },
  })
  const details = { isMainFrame: true, requestingUrl: 'app://gatehouse/index.html' }
  const answers: boolean[] = []
  const answer = (granted: boolean) => void answers.push(granted)
  const copying = 'clipboard-sanitized-write'
  request({}, copying, answer, details)
  request({}, 'clipboard-read', answer, details)
  request({}, 'media', answer, details)
  request(null, copying, answer, details)
  request({}, copying, answer, { isMainFrame: true })
  expect(answers).toEqual([true, false, false, false, false])
  expect(check({}, copying, 'app://gatehouse/', details)).toBe(true)
  expect(check(null, copying, 'app://gatehouse/', details)).toBe(false)
  expect(check({}, 'clipboard-read', 'app://gatehouse/', details)).toBe(false)
  expect([device(), media]).toEqual([false, null])
  // A session of Electron has all four.
  type Has = Pick<Session, keyof PermissionSource>
  expect(null as unknown as Has).toBeNull()
})

test.each([
  ['Authorization: Bearer eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl', /eyJ|c2ln/],
  ['{"refreshToken":"ghr_0123.4.abcdef","name":"root"}', /ghr_/],
  ['token ghr_11111111-2222.3.mac failed', /ghr_1/],
  ['{"password":"correct \\"horse\\" battery"}', /horse|battery/],
  ["{ password: 'hunter2 and more', name: 'x' }", /hunter2/],
  ['https://root:hunter2@gateway.test/x', /hunter2/],
  ['Cookie: gatehouse=abcdef; other', /abcdef/],
  ['-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\n-----END EC PRIVATE KEY-----', /MHcCAQ/],
  ['-----BEGIN PRIVATE KEY-----\nMHcCAQ', /MHcCAQ/],
  ['wss://x/streams?token=abc123&y=1', /abc123/],
  ['basic cm9vdDpodW50ZXIy', /cm9v/],
])('a log line loses its secret: %j', (line, secret) => {
  expect(line).toMatch(secret)
  expect(redact(line)).not.toMatch(secret)
})

test('a log line keeps what helps', () => {
  const line =
    'the window’s process is gone (crashed): reload; https://gateway.test:8443/api/status'
  expect(redact(line)).toBe(line)
  expect(redact('{"password":"a b","name":"root"}')).toContain('"name":"root"')
})

test('the log is its owner’s, one line an entry, and is put aside when it is full', async () => {
  const file = join(folder, 'logs', 'main.log')
  const log = openLog(file)
  log.error('failed\nINFO forged', new Error('Bearer eyJhbGciOi.eyJzdWIiOi.c2ln'))
  const text = await readFile(file, 'utf8')
  expect(text.split('\n')).toHaveLength(2)
  expect(text).not.toContain('eyJ')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await writeFile(file, 'x'.repeat(3_000_000))
  log.info('next')
  expect((await stat(file)).size).toBeLessThan(100)
  expect((await stat(`${file}.1`)).size).toBe(3_000_000)
  expect(log.text()).toMatch(/^x{3000000}\d{4}-\S+ info next\n$/)
  expect(openLog(join(folder, 'logs', 'other.log')).text()).toBe('')
})

test('a page that dies three times within a minute is not loaded again', () => {
  let now = 0
  const guard = new LoopGuard(() => now)
  expect(afterCrash('clean-exit', guard)).toBe('nothing')
  expect(['crashed', 'oom', 'killed'].map((it) => afterCrash(it, guard))).toEqual([
    'reload',
    'reload',
    'give up',
  ])
  now = 61_000
  expect(afterCrash('crashed', guard)).toBe('reload')
})

test('a failure of main is written down, ends what is open, and starts anew once', async () => {
  const done: string[] = []
  const reads = Promise.withResolvers<void>()
  const fatal = (relaunched: boolean) =>
    new Promise<void>((resolve) => {
      const fail = onFatal({
        log: (message) => done.push(message),
        stop: () => Promise.reject(new Error('stopping fails too')),
        tell: async () => {
          done.push('told')
          await reads.promise
          done.push('read')
        },
        relaunch: () => done.push('relaunch'),
        exit: (code) => {
          done.push(`exit ${String(code)}`)
          resolve()
        },
        relaunched,
      })
      fail(new Error('first'))
      fail(new Error('second'))
    })
  await fatal(false)
  expect(done.splice(0)).toEqual(['main failed', 'main failed', 'relaunch', 'exit 1'])
  const ended = fatal(true)
  await expect.poll(() => done).toContain('told')
  expect(done).not.toContain('exit 1')
  reads.resolve()
  await ended
  expect(done).toEqual(['main failed', 'main failed', 'told', 'read', 'exit 1'])
})

test('a failure that cannot be told still ends the app', async () => {
  const code = await new Promise((resolve) => {
    onFatal({
      log: () => undefined,
      stop: () => Promise.resolve(),
      tell: () => Promise.reject(new Error('no screen')),
      relaunch: () => undefined,
      exit: resolve,
      relaunched: true,
    })(new Error('again'))
  })
  expect(code).toBe(1)
})

test('graphics that crash twice within a minute are done without, once all that is open has ended', async () => {
  const done: string[] = []
  const stopping = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const crash = (without: boolean) =>
    onGpuCrash({
      without,
      guard: new LoopGuard(() => 0, 2),
      stop: () => stopping.promise.then(() => void done.push('stopped')),
      relaunch: () => void done.push('relaunch'),
      exit: (code) => {
        done.push(`exit ${String(code)}`)
        ended.resolve()
      },
    })
  const again = crash(true)
  for (const reason of ['crashed', 'crashed', 'crashed']) again(reason)
  const crashed = crash(false)
  for (const reason of ['clean-exit', 'clean-exit', 'crashed', 'killed', 'crashed']) crashed(reason)
  await Promise.resolve()
  expect(done).toEqual([])
  stopping.resolve()
  await ended.promise
  expect(done).toEqual(['stopped', 'relaunch', 'exit 0'])
})

test('a window comes back where it was, unless the screen is gone or the file is damaged', async () => {
  const file = join(folder, 'window.json')
  expect(readWindowState(file)).toMatchObject({ theme: 'system', maximized: false })
  const bounds = { x: 100, y: 50, width: 1000, height: 700 }
  writeWindowState(file, { bounds, maximized: true, theme: 'dark' })
  expect(readWindowState(file)).toEqual({ bounds, maximized: true, theme: 'dark' })
  for (const damage of [
    '',
    '{',
    '[]',
    'null',
    '{"bounds":{"width":"x"},"theme":"pink"}',
    '{"bounds":{"width":1e99,"height":1}}',
  ]) {
    await writeFile(file, damage)
    expect(readWindowState(file)).toMatchObject({
      bounds: { width: 1280, height: 800 },
      theme: 'system',
    })
  }
  const screens = [
    { x: 0, y: 0, width: 1920, height: 1040 },
    { x: 1920, y: 0, width: 1280, height: 984 },
  ]
  expect(placeOn(screens, bounds)).toEqual(bounds)
  expect(placeOn(screens, { ...bounds, x: 2000 })).toMatchObject({ x: 2000 })
  expect(placeOn(screens.slice(0, 1), { ...bounds, x: 2000 })).toEqual({ width: 1000, height: 700 })
  expect(placeOn(screens, { ...bounds, y: -500 })).toEqual({ width: 1000, height: 700 })
  expect(placeOn(screens, { width: 9000, height: 9000 })).toEqual({ width: 1920, height: 1040 })
  expect(placeOn(screens, { width: 10, height: 10 })).toEqual({ width: 720, height: 480 })
  expect(placeOn([], bounds)).toEqual({ width: 1000, height: 700 })
})

test('sleep is noticed by the system’s word or by a clock that jumped, and told once', () => {
  const told: number[] = []
  let online = true
  const watch = new WakeWatch(
    ({ asleepSeconds }) => told.push(asleepSeconds),
    () => online,
    0,
  )
  watch.look(5000)
  watch.look(10_500)
  expect(told).toEqual([])
  watch.look(3_610_000)
  expect(told).toEqual([3595])
  watch.resumed(7_210_000)
  watch.look(7_214_000)
  expect(told).toEqual([3595, 3600])
  online = false
  watch.look(7_219_000)
  online = true
  watch.look(7_224_000)
  watch.look(7_229_000)
  expect(told).toEqual([3595, 3600, 0])
})

const person = { id: '1', name: 'ada', admin: false }
const session = {
  status: 'signed in',
  gatewayId: 'g',
  address: gateway,
  person,
  kept: 'sealed',
} as const
const forward: Forward = {
  id: 'f',
  cluster: 'dev',
  profile: 'viewer',
  namespace: 'web',
  pod: 'a&b\n',
  port: 80,
  localPort: 8080,
  status: 'failing',
  connections: 0,
  bytesIn: 0,
  bytesOut: 0,
}

const quiet: TrayState = { session, contexts: [], forwards: [], terminals: [], others: [] }

test('the tray says who is signed in where, and offers clusters, what is open, leaving and quitting', () => {
  const terminals = [{ cluster: 'dev', profile: 'viewer' }]
  const others = [{ gatewayId: 'h', address: 'https://other.test', person: 'a&b\n' }]
  const contexts = [{ clusterId: 'dev', clusterName: 'Development', profileName: 'viewer' }]
  const lines = trayLines({ ...quiet, contexts, forwards: [forward], terminals, others })
  expect(lines).toEqual([
    { kind: 'text', label: 'ada at gateway.test:8443' },
    { kind: 'line' },
    { kind: 'do', label: 'Development · viewer', action: { do: 'open', path: '/c/dev@viewer' } },
    { kind: 'line' },
    {
      kind: 'do',
      label: 'localhost:8080 → web/a&&b:80 (failing)',
      action: { do: 'open', path: '/forwards' },
    },
    { kind: 'line' },
    { kind: 'do', label: 'Terminal: dev · viewer', action: { do: 'open' } },
    { kind: 'line' },
    {
      kind: 'do',
      label: 'Switch to a&&b at other.test',
      action: { do: 'switch', gatewayId: 'h' },
    },
    { kind: 'line' },
    { kind: 'do', label: 'Open Gatehouse', action: { do: 'open' } },
    { kind: 'do', label: 'Sign out', action: { do: 'sign out' } },
    { kind: 'do', label: 'Quit', action: { do: 'quit' } },
  ])
  expect(trayTip({ ...quiet, contexts, forwards: [forward] })).toBe('Gatehouse: 1 forward')
})

test('the tray of nobody offers no clusters, and a long list is cut and says so', () => {
  const contexts = Array.from({ length: 40 }, (_, index) => ({
    clusterId: `c${String(index)}`,
    clusterName: 'C',
    profileName: 'p',
  }))
  const out = trayLines({ ...quiet, session: { status: 'no gateway' }, contexts })
  expect(out.map((it) => ('label' in it ? it.label : '-'))).toEqual([
    'No gateway yet',
    '-',
    'Open Gatehouse',
    'Quit',
  ])
  const many = trayLines({ ...quiet, session: { ...session, trouble: 'away' }, contexts })
  expect(many).toContainEqual({ kind: 'text', label: 'and 28 more clusters' })
  expect(many[0]).toEqual({ kind: 'text', label: 'ada at gateway.test:8443 (unreachable)' })
})

test('the tray’s mark has towers, a gate that can be seen through, and transparent corners', () => {
  const pixels = drawMark(32, 255)
  const alpha = (x: number, y: number) => pixels[(y * 32 + x) * 4 + 3]
  expect(pixels).toHaveLength(32 * 32 * 4)
  expect([alpha(0, 0), alpha(5, 10), alpha(16, 26), alpha(16, 16)]).toEqual([0, 255, 0, 255])
})

test('the packages’ icon is the mark as the app draws it', async () => {
  const png = await readFile(new URL('../../build/icon.png', import.meta.url))
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  expect([width, height]).toEqual([512, 512])
  // Behind signature and head: the length and name of one chunk that holds every line.
  const lines = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)))
  const drawn = drawIcon(512)
  const different = Array.from({ length: width * height }, (_, at) => at).filter((at) => {
    const from = Math.floor(at / width) * (width * 4 + 1) + 1 + (at % width) * 4
    const [red, green, blue, alpha] = lines.subarray(from, from + 4)
    return !drawn
      .subarray(at * 4, at * 4 + 4)
      .equals(Buffer.of(blue ?? 0, green ?? 0, red ?? 0, alpha ?? 0))
  })
  expect(different).toEqual([])
  const alpha = (x: number, y: number) => drawn[(y * 512 + x) * 4 + 3]
  expect([alpha(0, 0), alpha(256, 256)]).toEqual([0, 255])
})

const menuActions = {
  navigate: () => undefined,
  command: () => undefined,
  signOut: () => undefined,
  about: () => undefined,
  saveLog: () => undefined,
  signedIn: true,
}

test.each(['linux', 'darwin', 'win32'] as const)(
  'the menu on %s has no reload and no developer tools',
  (platform) => {
    const roles = JSON.stringify(menuTemplate(platform, menuActions))
    expect(roles).toContain('editMenu')
    expect(roles).toContain('"quit"')
    expect(roles).not.toMatch(/reload|devtools|viewMenu|"role":"help"/i)
  },
)

test('the menu offers a local terminal and a link to the view, to whoever is signed in', () => {
  const asked: string[] = []
  const command = (name: string) => void asked.push(name)
  const itemsFor = (signedIn: boolean) =>
    menuTemplate('linux', { ...menuActions, command, signedIn })
      .flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
      .filter(({ label }) => /terminal|link|Sign out/.test(label ?? ''))
  for (const { click } of itemsFor(true).slice(0, 2)) (click as () => void)()
  expect(asked).toEqual(['local-terminal', 'copy-link'])
  const enabled = (it: { label?: string; enabled?: boolean }) => [it.label, it.enabled]
  expect(itemsFor(true).map(enabled)).toEqual([
    ['New local terminal', true],
    ['Copy link to this view', true],
    ['Sign out', true],
  ])
  expect(itemsFor(false).map(({ enabled: it }) => it)).toEqual([false, false, false])
  // The window listens itself: a key that the system takes too would open two.
  expect(itemsFor(true)[0]).toMatchObject({
    accelerator: 'CmdOrCtrl+Shift+T',
    registerAccelerator: false,
  })
})

test.each(['linux', 'darwin', 'win32'] as const)('the menu on %s saves the log', (platform) => {
  let saved = 0
  const items = menuTemplate(platform, { ...menuActions, saveLog: () => void (saved += 1) })
    .flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
    .filter(({ label }) => label === 'Save the log…')
  for (const { click } of items) (click as () => void)()
  expect(saved).toBe(1)
})

test('files of the interface are served with the policy, and nothing that lies elsewhere', async () => {
  const root = join(folder, 'renderer')
  await mkdir(join(root, 'assets'), { recursive: true })
  await writeFile(join(root, 'index.html'), '<!doctype html>')
  await writeFile(join(root, 'assets', 'a.js'), '1')
  await writeFile(join(root, 'secret.pem'), 'key')
  await writeFile(join(folder, 'outside.js'), 'outside')
  await symlink(join(folder, 'outside.js'), join(root, 'link.js'))
  await mkdir(`${root}-evil`)
  await writeFile(join(`${root}-evil`, 'a.js'), 'evil')

  const page = await serveFile(root, 'GET', 'app://gatehouse/')
  expect(page).toMatchObject({
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  })
  expect(page.headers['Content-Security-Policy']).toContain("default-src 'none'; script-src 'self'")
  expect(page.headers['X-Content-Type-Options']).toBe('nosniff')
  expect(await serveFile(root, 'GET', 'app://gatehouse/assets/a.js?x#y')).toMatchObject({
    status: 200,
  })
  expect(await serveFile(root, 'POST', 'app://gatehouse/')).toMatchObject({ status: 405 })
  const elsewhere = [
    'link.js',
    '../outside.js',
    '%2e%2e/outside.js',
    '..%2foutside.js',
    '%2e%2e%2foutside.js',
    '..%5coutside.js',
    '../renderer-evil/a.js',
    'secret.pem',
    'index.html%00.js',
    'assets',
    'none.js',
    'C:/x.js',
    '%E0%A4%A',
    'index.html:stream.js',
    '%252e%252e/outside.js',
  ]
  for (const path of elsewhere)
    expect(await serveFile(root, 'GET', `app://gatehouse/${path}`)).toMatchObject({ status: 404 })
  for (const url of strangers) expect((await serveFile(root, 'GET', url)).status).toBe(404)
})
