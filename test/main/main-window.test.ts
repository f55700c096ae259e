import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { AppWindow } from '../../main/app/app-window.ts'
import { Callers } from '../../main/app/callers.ts'
import { MainWindow } from '../../main/app/main-window.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-window-'))
  return () => rm(folder, { recursive: true, force: true })
})

/** A window that says what it was asked, and whose fate is the test's. */
function makeWindow(pageId: number, did: string[]) {
  const heard = new Map<string, (value?: unknown) => unknown>()
  const on = (name: string) => (listener: (...values: never[]) => unknown) =>
    void heard.set(name, listener as () => unknown)
  const window: AppWindow = {
    pageId,
    load: (url) => void did.push(`load ${url.replace('app://gatehouse/', '')}`),
    raise: () => void did.push('raise'),
    hide: () => undefined,
    maximize: () => undefined,
    destroy: () => undefined,
    bounds: () => ({ x: 0, y: 0, width: 1000, height: 700 }),
    isMaximized: () => false,
    setBackground: () => undefined,
    send: () => undefined,
    onReady: on('ready'),
    onMoved: on('moved'),
    onLeft: on('left'),
    onCrashed: on('crashed'),
    onHung: on('hung'),
    onClose: on('close'),
    onClosed: on('closed'),
  }
  return { window, tell: (name: string, value?: unknown) => heard.get(name)?.(value) }
}

function start(served: Promise<void> = Promise.resolve()) {
  const did: string[] = []
  const windows: ReturnType<typeof makeWindow>[] = []
  const main = new MainWindow(
    {
      make: () => {
        const made = makeWindow(windows.length + 1, did)
        windows.push(made)
        return made.window
      },
      stateFile: join(folder, 'window.json'),
      preload: '',
      devTools: false,
      areas: () => [],
      isSystemDark: () => false,
      mayClose: () => true,
      lead: (path) => void did.push(`lead ${path}`),
      left: (pageId) => void did.push(`left ${String(pageId)}`),
      askReload: () => Promise.resolve(false),
      said: () => undefined,
    },
    served,
  )
  const happens = async (name: string, value?: unknown) => {
    windows.at(-1)?.tell(name, value)
    await Promise.resolve()
    return did.splice(0)
  }
  const open = async (path?: string) => {
    main.open(path)
    await Promise.resolve()
    return did.splice(0)
  }
  return { main, did, open, happens }
}

test('the first window goes where it was asked to, also where that was asked before it was loaded', async () => {
  const served = Promise.withResolvers<void>()
  const { open, happens, did } = start(served.promise)
  expect(await open('/settings')).toEqual([])
  expect(await open('/forwards')).toEqual(['raise'])
  served.resolve()
  await served.promise
  expect(did.splice(0)).toEqual(['load index.html#/forwards'])
  expect(await happens('ready')).toEqual(['raise'])
})

test('a path waits until the page listens, the last one counts, and then each is told at once', async () => {
  const { main, open, did } = start()
  expect(await open()).toEqual(['load index.html'])
  expect(await open('/settings')).toEqual(['raise'])
  expect(await open('/forwards')).toEqual(['raise'])
  expect(await open()).toEqual(['raise'])
  main.pageListens()
  expect(did.splice(0)).toEqual(['lead /forwards'])
  main.pageListens()
  expect(await open('/c/a@v')).toEqual(['raise', 'lead /c/a@v'])
})

test('a page that is loaded again is led once it listens again', async () => {
  const { main, open, happens, did } = start()
  await open()
  main.pageListens()
  expect(await happens('left')).toEqual(['left 1'])
  expect(await open('/settings')).toEqual(['raise'])
  main.pageListens()
  expect(did.splice(0)).toEqual(['lead /settings'])
})

test('a path after the window was closed opens another one there', async () => {
  const { main, open, happens } = start()
  await open()
  main.pageListens()
  expect(await happens('closed')).toEqual(['left 1'])
  expect(await open('/forwards')).toEqual(['load index.html#/forwards'])
  expect(await open('/settings')).toEqual(['raise'])
})

test('a page that crashed is loaded again and led on', async () => {
  const { main, open, happens, did } = start()
  await open()
  main.pageListens()
  await happens('left')
  expect(await happens('crashed', 'oom')).toEqual(['load index.html'])
  expect(await open('/settings')).toEqual(['raise'])
  main.pageListens()
  expect(did).toEqual(['lead /settings'])
})

test('a link that comes before the app is ready leads its first window', () => {
  const called: unknown[] = []
  const callers = new Callers('/settings', (path) => called.push(path))
  callers.call('/forwards')
  // The dock says nothing of a place and takes none away.
  callers.call(undefined)
  expect(callers.begin()).toBe('/forwards')
  expect(called).toEqual([])
  callers.call('/c/a@v')
  callers.call(undefined)
  expect(called).toEqual(['/c/a@v', undefined])
})
