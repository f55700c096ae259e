import { expect, test } from 'vitest'
import { z } from 'zod'
import { desktopApi, desktopEvents, desktopStreams, type Reply } from '#bridge'
import { gatewayApi } from '#gateway'
import { AppError } from '#gateway/errors.ts'
import type { Client } from '#gateway/operation.ts'
import { emit } from '../../main/bridge/events.ts'
import { Guard } from '../../main/bridge/guard.ts'
import { atOnce, portsAtOnce } from '../../main/bridge/limits.ts'
import type { Asking } from '../../main/bridge/sender.ts'
import { serve } from '../../main/bridge/serve.ts'
import { fileNameFrom, shellCalls } from '../../main/bridge/shell.ts'
import { serveStreams } from '../../main/bridge/streams.ts'
import { withheldFromWindows } from '../../main/bridge/withheld.ts'
import { makeChannel, makeIpc, makePage, type PagePort, type TestPage } from '../support/pages.ts'

const call = (input: z.ZodType, output: z.ZodType) => ({ input, output })
const api = {
  things: {
    keep: call(z.object({ text: z.string() }), z.object({ kept: z.string() })),
    fail: call(z.object({}), z.void()),
    wait: call(z.object({}), z.void()),
  },
}

/** A bridge with handlers that count what reached them. */
function makeBridge(page: TestPage) {
  const ipc = makeIpc()
  const reached: unknown[] = []
  const failures: string[] = []
  const answers: (() => void)[] = []
  const provider = {
    things: {
      keep: (input: unknown) => {
        reached.push(input)
        const { text } = input as { text: string }
        return Promise.resolve({ kept: text, hidden: 'a column nobody asked for' })
      },
      fail: () => Promise.reject(new Error('ENOENT: /home/person/.kube/config')),
      wait: () => new Promise((resolve) => answers.push(() => resolve(undefined))),
    },
  } as unknown as Client<typeof api>
  const guard = new Guard((id) => id === page.id)
  const failed = (channel: string) => failures.push(channel)
  serve({ ipc, guard, home: 'gateway', api, provider, failed })
  return { ipc, reached, failures, answers }
}

const codeOf = (reply: Reply) => (reply.ok ? 'ok' : (reply.error as { code: string }).code)
const input = { text: 'a' }
const keep = 'gateway:things.keep'

test('a call of our own page is parsed, answered and stripped to its schema', async () => {
  const page = makePage()
  const { ipc, reached } = makeBridge(page)
  const reply = await ipc.invoke(page.event(), keep, { ...input, more: 1 })
  expect(reply).toEqual({ ok: true, value: { kept: 'a' } })
  expect(reached).toEqual([{ text: 'a' }])
})

const strange: readonly (readonly [string, (page: TestPage) => Asking])[] = [
  ['a frame inside the page', (page: TestPage) => page.innerEvent()],
  ['a frame that has gone', (page: TestPage) => page.lateEvent()],
  [
    'a window that was destroyed',
    (page: TestPage) => {
      const event = page.event()
      page.destroyed = true
      return event
    },
  ],
  ['another window', () => makePage().event()],
  ...[
    'https://gatehouse/',
    'app://gatehouse.evil/',
    'app://evil/gatehouse',
    'app://evil@gatehouse/',
    'app://gatehouse@evil/',
    'app://GATEHOUSE/',
    'app://gatehouse./',
    'app://gatehouse:80/',
    'app:gatehouse',
    'data:text/html,app://gatehouse/',
    'about:blank',
    'file:///app/index.html',
    '',
  ].map(
    (url) =>
      [
        `a page at ${url}`,
        (page: TestPage) => {
          page.url = url
          return page.event()
        },
      ] as const,
  ),
]

test.each(strange)('%s reaches no handler', async (_who, eventOf) => {
  const page = makePage()
  const { ipc, reached, failures } = makeBridge(page)
  expect(codeOf(await ipc.invoke(eventOf(page), keep, input))).toBe('forbidden')
  expect(reached).toEqual([])
  expect(failures).toEqual([keep])
})

test('the sender is judged in the turn of its message, not when a page has moved on', async () => {
  const page = makePage()
  const { ipc, reached } = makeBridge(page)
  page.url = 'https://evil.test/'
  const asked = ipc.invoke(page.event(), keep, input)
  page.url = 'app://gatehouse/'
  expect(codeOf(await asked)).toBe('forbidden')
  expect(reached).toEqual([])
})

const deep = () => {
  let value: unknown = 'x'
  for (let depth = 0; depth < 200; depth += 1) value = [value]
  return value
}
const cycle = () => {
  const value: Record<string, unknown> = {}
  value['self'] = value
  return value
}

test.each([
  ['no object', 'text', 'invalid_input'],
  ['nothing', undefined, 'invalid_input'],
  ['a field of another type', { text: 1 }, 'invalid_input'],
  ['a value that is no JSON', { text: 'a', more: new Map() }, 'invalid_input'],
  ['bytes', { text: 'a', more: new Uint8Array(3) }, 'invalid_input'],
  ['a number too large for JSON', { text: 'a', more: 1n }, 'invalid_input'],
  ['a value that is nested too deeply', { text: 'a', more: deep() }, 'invalid_input'],
  ['a value that holds itself', { text: 'a', more: cycle() }, 'invalid_input'],
  ['too long a text', { text: 'x'.repeat(2 * 1024 * 1024) }, 'too_large'],
  ['too many small things', { text: 'a', more: Array(600_000).fill(0) }, 'too_large'],
])('%s is refused before the handler', async (_what, value, code) => {
  const page = makePage()
  const { ipc, reached } = makeBridge(page)
  expect(codeOf(await ipc.invoke(page.event(), keep, value))).toBe(code)
  expect(reached).toEqual([])
})

test('a flood is cut off, for one call and for all together', async () => {
  const page = makePage()
  const { ipc, reached } = makeBridge(page)
  const replies = await Promise.all(
    Array.from({ length: 2000 }, (_, index) =>
      ipc.invoke(page.event(), index % 2 ? keep : 'gateway:things.fail', input),
    ),
  )
  expect(reached.length).toBeLessThan(200)
  expect(replies.filter((it) => codeOf(it) === 'rate_limited').length).toBeGreaterThan(1500)
})

test('calls that wait are counted, and room is made when they are answered', async () => {
  const page = makePage()
  const { ipc, answers } = makeBridge(page)
  const wait = () => ipc.invoke(page.event(), 'gateway:things.wait', {})
  const waiting = Array.from({ length: atOnce }, wait)
  expect(codeOf(await wait())).toBe('rate_limited')
  for (const answer of answers) answer()
  await Promise.all(waiting)
  expect(codeOf(await ipc.invoke(page.event(), keep, input))).toBe('ok')
})

test('a failure without a name says nothing of this machine', async () => {
  const page = makePage()
  const { ipc } = makeBridge(page)
  const reply = await ipc.invoke(page.event(), 'gateway:things.fail', {})
  expect(codeOf(reply)).toBe('internal')
  expect(JSON.stringify(reply)).not.toContain('/home')
})

test('each call has its own channel; what answers with tokens has none', () => {
  const ipc = makeIpc()
  const guard = new Guard(() => true)
  const failed = () => undefined
  const none = {} as never
  serve({
    ipc,
    guard,
    home: 'gateway',
    api: gatewayApi,
    provider: none,
    withheld: withheldFromWindows,
    failed,
  })
  serve({ ipc, guard, home: 'desktop', api: desktopApi, provider: none, failed })
  const offered = (home: string, groups: object) =>
    Object.entries(groups).flatMap(([group, calls]) =>
      Object.keys(calls as object).map((name) => `${home}:${group}.${name}`),
    )
  const expected = [...offered('gateway', gatewayApi), ...offered('desktop', desktopApi)]
  const withheld = [...withheldFromWindows].map((it) => `gateway:${it}`)
  expect(ipc.channels).toEqual(expected.filter((it) => !withheld.includes(it)))
  expect(withheld.every((it) => expected.includes(it))).toBe(true)
})

test('no answer that a window can get has a field for a token', () => {
  const telling = Object.entries(gatewayApi).flatMap(([group, calls]) =>
    Object.entries(calls as Record<string, { output: z.ZodType }>).flatMap(([name, { output }]) => {
      const text = JSON.stringify(z.toJSONSchema(output, { unrepresentable: 'any', io: 'input' }))
      return /"(?:access|refresh)?token"/i.test(text) ? [`${group}.${name}`] : []
    }),
  )
  expect(telling.filter((it) => !withheldFromWindows.has(it))).toEqual([])
  expect(telling).toContain('entry.refresh')
})

test('an event passes its schema, so that nothing else goes along', () => {
  const said: unknown[] = []
  const state = { status: 'no gateway', refreshToken: 'ghr_1' } as { status: 'no gateway' }
  emit((channel, value) => said.push([channel, value]), 'session', state)
  expect(said).toEqual([['event:session', { status: 'no gateway' }]])
  expect(() => emit(() => undefined, 'woke', {} as never)).toThrow()
  expect(Object.keys(desktopEvents)).toContain('navigate')
})

/** The streams of the bridge over Node's message channels, with openers that echo. */
function makeStreams(page: TestPage) {
  const ipc = makeIpc()
  const ports: PagePort[] = []
  const opened: unknown[] = []
  const said: unknown[] = []
  let ended = 0
  const opener = (
    value: unknown,
    port: Parameters<Parameters<typeof serveStreams>[0]['openers']['views']>[1],
  ) => {
    opened.push(value)
    if ((value as { pod?: string }).pod === 'none') throw new AppError('not_found', 'no such pod')
    port.onMessage((message: unknown) => said.push(message))
    port.onBytes((bytes) => port.sendBytes(Buffer.from(bytes)))
    port.onClose(() => (ended += 1))
    port.send({ type: 'opened' })
  }
  const streams = serveStreams({
    ipc,
    guard: new Guard((id) => id === page.id),
    contracts: desktopStreams,
    openers: { views: opener, terminal: opener, logs: opener, localTerminal: opener },
    connect: () => {
      const { mine, page: end } = makeChannel()
      ports.push(end)
      return mine
    },
    failed: () => undefined,
  })
  const open = (name: string, value: unknown, nonce: unknown = 'nonce-0123456789') =>
    ipc.invoke(page.event(), `stream:${name}`, nonce, value)
  return { open, ports, opened, said, streams, ended: () => ended, ipc }
}

const terminal = { cluster: 'c', profile: 'p', namespace: 'n', pod: 'web', mode: 'exec' }

test('a stream is a port: text by the contract, bytes as they are, ended by either end', async () => {
  const page = makePage()
  const { open, ports, said, ended, opened } = makeStreams(page)
  expect(await open('terminal', terminal)).toEqual({ ok: true, value: undefined })
  expect(opened).toEqual([expect.objectContaining({ pod: 'web', tty: true })])
  const [port] = ports
  if (!port) throw new Error('no port')
  await port.until((it) => it['type'] === 'opened')
  port.say({ type: 'resize', columns: 100, rows: 30 })
  port.port.postMessage(new Uint8Array([1, 2, 3]))
  await expect.poll(() => port.bytes.length).toBe(1)
  expect(said).toEqual([{ type: 'resize', columns: 100, rows: 30 }])
  // Exactly these three bytes: not the pool that Node cut them from.
  expect(port.bytes[0]?.buffer.byteLength).toBe(3)
  port.port.close()
  await expect.poll(ended).toBe(1)
})

test.each([
  ['text that is no JSON', 'nonsense'],
  ['a message of another stream', { type: 'pause', view: 1 }],
  ['a message with more in it', { type: 'eof', force: true }],
  ['a number', 7],
  ['more than a message may hold', 'x'.repeat(1024 * 1024 + 1)],
  ['more bytes than a message may hold', new Uint8Array(1024 * 1024 + 1)],
])('%s ends the stream with a word', async (_what, message) => {
  const page = makePage()
  const { open, ports, said, ended } = makeStreams(page)
  await open('terminal', terminal)
  const [port] = ports
  const bare = message instanceof Uint8Array || typeof message === 'string'
  if (bare) port?.port.postMessage(message)
  else port?.say(message)
  expect(await port?.until((it) => it['type'] === 'closed')).toMatchObject({
    reason: 'The window sent what this stream does not take',
  })
  await port?.closed
  expect([said, ended()]).toEqual([[], 1])
})

test('bytes on a stream that has none, and a flood of messages, end it', async () => {
  const page = makePage()
  const { open, ports, said } = makeStreams(page)
  await open('logs', { cluster: 'c', profile: 'p', namespace: 'n', pods: ['a'] })
  ports[0]?.port.postMessage(new Uint8Array([1]))
  expect(await ports[0]?.until((it) => it['type'] === 'closed')).toMatchObject({
    reason: 'This stream carries no bytes',
  })
  await open('terminal', terminal)
  for (let count = 0; count < 3000; count += 1) ports[1]?.say({ type: 'eof' })
  expect(await ports[1]?.until((it) => it['type'] === 'closed')).toMatchObject({
    reason: 'The window sent too much at once',
  })
  expect(said.length).toBeLessThan(1500)
})

test('ports are counted, and all of a page end when it goes', async () => {
  const page = makePage()
  const { open, ports, streams, ended } = makeStreams(page)
  for (let count = 0; count < portsAtOnce; count += 1) await open('views', {})
  expect(codeOf(await open('views', {}))).toBe('rate_limited')
  streams.closeAll(page.id)
  await Promise.all(ports.map((it) => it.closed))
  expect(ended()).toBe(portsAtOnce)
  expect(ports[0]?.texts.at(-1)).toEqual({ type: 'closed', reason: 'The page has gone' })
})

test('what is wrong with the asking makes no port at all', async () => {
  const page = makePage()
  const { open, ports, opened, ipc } = makeStreams(page)
  expect(codeOf(await open('terminal', { ...terminal, mode: 'root' }))).toBe('invalid_input')
  expect(codeOf(await open('views', {}, 'short'))).toBe('invalid_input')
  expect(codeOf(await open('views', {}, { toString: 'x' }))).toBe('invalid_input')
  const strange = await ipc.invoke(page.innerEvent(), 'stream:views', 'nonce-0123456789', {})
  expect(codeOf(strange)).toBe('forbidden')
  expect([ports, opened]).toEqual([[], []])
})

test('a stream that cannot be opened says why on its port', async () => {
  const page = makePage()
  const { open, ports } = makeStreams(page)
  await open('terminal', { ...terminal, pod: 'none' })
  expect(await ports[0]?.until((it) => it['type'] === 'failed')).toMatchObject({
    error: { code: 'not_found', message: 'no such pod' },
  })
  await ports[0]?.closed
})

test('a link that leads elsewhere is opened only when the person says so; others never', async () => {
  const opened: string[] = []
  const asked: string[] = []
  let yes = false
  const shell = shellCalls({
    gatewayAddress: () => 'https://gateway.test:8443',
    confirmLink: (host) => {
      asked.push(host)
      return Promise.resolve(yes)
    },
    openLink: (url) => {
      opened.push(url)
      return Promise.resolve()
    },
    chooseFile: () => Promise.resolve(undefined),
    writeFile: () => Promise.reject(new Error('nothing was chosen')),
    setTheme: () => undefined,
    about: () => ({ version: '', electron: '', platform: '', marks: {} }),
  })
  const elsewhere = { url: 'https://elsewhere.test/a' }
  expect(await shell.openExternal({ url: 'https://gateway.test:8443/x' })).toEqual({ opened: true })
  expect(await shell.openExternal(elsewhere)).toEqual({ opened: false })
  yes = true
  expect(await shell.openExternal(elsewhere)).toEqual({ opened: true })
  await expect(shell.openExternal({ url: 'file:///etc/passwd' })).rejects.toThrow('Only https')
  expect(opened).toEqual(['https://gateway.test:8443/x', 'https://elsewhere.test/a'])
  expect(asked).toEqual(['elsewhere.test', 'elsewhere.test'])
  expect(await shell.saveText({ name: 'a', text: 'b' })).toEqual({ saved: false })
})

test.each([
  ['pods.yaml', 'pods.yaml'],
  ['../../.bashrc', '-..-.bashrc'],
  ['/etc/passwd', '-etc-passwd'],
  ['C:\\Windows\\x', 'C--Windows-x'],
  ['a\u202Egpj.exe', 'agpj.exe'],
  ['...', 'gatehouse.txt'],
])('a file that is called %j is proposed as %j', (name, proposed) => {
  expect(fileNameFrom(name)).toBe(proposed)
})
