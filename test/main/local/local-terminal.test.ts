import { fork } from 'node:child_process'
import { chmod, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { desktopStreams } from '#bridge'
import { WindowStream } from '../../../main/bridge/stream-port.ts'
import { createLoopback, type Loopback } from '../../../main/loopback/loopback.ts'
import {
  openLocalTerminal,
  type LocalTerminalParts,
} from '../../../main/terminals/local-terminal.ts'
import { readLoginEnvironment } from '../../../main/terminals/login-environment.ts'
import type { FromPtyHost, PtyHost } from '../../../main/terminals/pty-protocol.ts'
import { Transcript } from '../../support/transcript.ts'
import { openWorld, type World } from '../../support/world.ts'
import { lineTo, type TestLine } from './gateway-line.ts'

let world: World
let namespace = ''
let line: TestLine
let loopback: Loopback
let folder: string
let parts: LocalTerminalParts
const pids: number[] = []

beforeAll(async () => {
  world = await openWorld()
  namespace = (await world.cluster.namespace('terminal')).name
  const person = await world.person(['operator', 'viewer'], { namespaces: [namespace] })
  line = lineTo({ ...world.gateway, token: person.token })
  folder = await realpath(await mkdtemp(join(tmpdir(), 'gatehouse-terminal-')))
  loopback = createLoopback(line, { folder: join(folder, 'local') })
  const { kubectl } = world.cluster.handle.parts
  const env = {
    PATH: `${join(kubectl, '..')}:${process.env['PATH']}`,
    HOME: folder,
    PS1: '$ ',
    GATEHOUSE_SECRET: 'not for shells',
    KUBECONFIG: '/somewhere/else',
    KUBERNETES_SERVICE_HOST: '10.0.0.1',
    HELM_KUBETOKEN: 'of another cluster',
  }
  parts = {
    line,
    loopback,
    homes: join(folder, 'homes'),
    startHost: forkHost,
    loginEnvironment: async () => ({ shell: '/bin/sh', env }),
  }
})
afterAll(async () => {
  await loopback?.close()
  line?.end()
  await world?.cluster.api.call(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' })
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  pids.length = 0
})

/** The same program that runs in Electron's utility process, as a child of Node. */
function forkHost(): PtyHost {
  const program = join(import.meta.dirname, '../../../main/terminals/pty-host.ts')
  const child = fork(program, [], { serialization: 'advanced' })
  if (child.pid !== undefined) pids.push(child.pid)
  return {
    post: (message) => void child.send(message),
    onMessage: (listener) => void child.on('message', (it) => listener(it as FromPtyHost)),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => void child.kill(),
  }
}

interface Window {
  readonly transcript: Transcript
  readonly messages: Record<string, unknown>[]
  readonly closed: Promise<void>
  /** Whether what is read is worked off; a window that hangs does not. */
  reads: boolean
  /** Too much to look through again and again is not kept. */
  keeps: boolean
  received: number
  type(text: string): void
  send(message: unknown): void
  leave(): void
}

/** Opens a terminal as a window does: over a message port, through the stream that main makes of it. */
async function open(more: { profile?: string; namespace?: string } = {}): Promise<Window> {
  const { port1, port2 } = new MessageChannel()
  const stream = new WindowStream(
    {
      post: (message) => port1.postMessage(message),
      onMessage: (listener) => void port1.on('message', listener),
      onClose: (listener) => void port1.once('close', listener),
      start: () => port1.start(),
      close: () => port1.close(),
    },
    desktopStreams.localTerminal,
  )
  const window = windowOn(port2)
  const input = {
    cluster: world.id,
    profile: 'operator',
    namespace,
    columns: 80,
    rows: 24,
    ...more,
  }
  const opening = openLocalTerminal(parts, input, stream)
  stream.start()
  await opening
  return window
}

function windowOn(port: MessagePort): Window {
  const transcript = new Transcript()
  const window: Window = {
    transcript,
    messages: [],
    closed: new Promise((resolve) => port.once('close', resolve)),
    reads: true,
    keeps: true,
    received: 0,
    type: (text) => port.postMessage(Buffer.from(text)),
    send: (message) => port.postMessage(JSON.stringify(message)),
    leave: () => port.close(),
  }
  let unread = 0
  port.on('message', (message: string | Uint8Array) => {
    if (typeof message === 'string') {
      window.messages.push(JSON.parse(message) as Record<string, unknown>)
      transcript.add(`<${message}>`)
      return
    }
    // As the page reads it: the first byte says that it is output of the program.
    const output = Buffer.from(message.subarray(1))
    if (message[0] !== 1) transcript.add(`<output of ${message[0]}>`)
    window.received += output.length
    if (window.keeps) transcript.add(output.toString())
    else if (output.includes('whole')) transcript.add('whole')
    unread += output.length
    // In larger pieces, as a window does that draws what it got.
    if (!window.reads || unread < 64 * 1024) return
    window.send({ type: 'ack', count: unread })
    unread = 0
  })
  return window
}

describe('a local terminal', () => {
  test('runs kubectl for its place, in its namespace, in a real terminal', async () => {
    const window = await open()
    await window.transcript.shows(/^<{"type":"opened"}>/)
    window.type('tty && kubectl create configmap made -o name && kubectl get configmaps -o name\r')
    await window.transcript.shows(/\/dev\/pts\/\d+/)
    await window.transcript.shows(/\r\nconfigmap\/made\r\nconfigmap\/kube-root-ca.crt/)
    expect(window.transcript.text).not.toContain('<output of')
    window.type('exit\r')
    await window.closed
  })

  test('tells the exit code of its shell, and leaves nothing behind', async () => {
    const window = await open()
    window.type('exit 3\r')
    await window.closed
    expect(window.messages.slice(1)).toEqual([
      { type: 'exit', code: 3 },
      { type: 'closed', reason: 'The shell has ended' },
    ])
    await isGone(pids[0])
    await isEmpty('local')
  })

  test('follows the size of its window', async () => {
    const window = await open()
    window.send({ type: 'resize', columns: 101, rows: 33 })
    window.type('stty size\r')
    await window.transcript.shows(/33 101/)
    window.send({ type: 'eof' })
    await window.closed
  })

  test('has an environment that leads to its place only and holds no secret of the app', async () => {
    const window = await open({ profile: 'viewer' })
    window.type('env; echo done-$?\r')
    await window.transcript.shows(/done-0/)
    const { text } = window.transcript
    expect(text).toContain(`KUBECONFIG=${join(folder, 'local')}/`)
    expect(text).toContain('GATEHOUSE_PLACE=test@viewer')
    expect(text).toMatch(/KUBECACHEDIR=.*homes\/[0-9a-f]{12}-test@viewer\/kube-cache/)
    expect(text).toMatch(/HELM_CONFIG_HOME=.*-test@viewer\/helm\/config/)
    expect(text).not.toMatch(/GATEHOUSE_SECRET|KUBERNETES_SERVICE_HOST|HELM_KUBETOKEN|somewhere/)
    expect(text).not.toContain(await line.token())
    window.leave()
    await isGone(pids[0])
  })

  test('ends with its window: the shell, its programs, its token and its files', async () => {
    const window = await open()
    window.type('kubectl get configmaps --watch & echo child-$!; wait\r')
    const [, child] = await window.transcript.shows(/child-(\d+)/)
    await window.transcript.shows(/kube-root-ca.crt/)
    window.leave()
    await Promise.all([isGone(pids[0]), isGone(Number(child))])
    await isEmpty('local')
  })

  test('waits when its window does not read, and goes on when it does', async () => {
    const window = await open()
    window.reads = false
    window.type('yes 0123456789012345678901234567890123456789 | head -c 20000000; echo who""le\r')
    await stands(() => window.received)
    expect(window.received).toBeGreaterThan(256 * 1024)
    expect(window.received).toBeLessThan(1024 * 1024)
    Object.assign(window, { reads: true, keeps: false })
    window.send({ type: 'ack', count: window.received })
    await window.transcript.shows(/whole/)
    // Each line end travels as two bytes.
    expect(window.received).toBeGreaterThan(20_000_000)
    window.leave()
  })
})

test('the end of the session ends the terminals, and says why', async () => {
  const own = lineTo({ ...world.gateway, token: await line.token() })
  const before = parts
  const here = createLoopback(own, { folder: join(folder, 'own') })
  parts = { ...parts, line: own, loopback: here }
  try {
    const window = await open()
    own.end()
    await window.closed
    expect(window.messages.at(-1)).toEqual({
      type: 'closed',
      reason: 'You are signed out of the gateway',
    })
    await isGone(pids[0])
    await isEmpty('own')
  } finally {
    parts = before
    await here.close()
  }
})

test('a shell that cannot be started is said to be, and nothing stays open', async () => {
  const before = parts
  parts = {
    ...parts,
    loginEnvironment: async () => ({ shell: join(folder, 'nothing'), env: {} }),
  }
  try {
    await open().then(
      async (window) => {
        // node-pty learns of it in the child: then it is an exit like any other.
        await window.closed
        expect(window.messages).toContainEqual(expect.objectContaining({ type: 'exit' }))
      },
      (error: Error) => expect(error.message).toContain('could not be started'),
    )
    await isGone(pids[0])
    await isEmpty('local')
  } finally {
    parts = before
  }
})

describe('the environment of a login', () => {
  const shellThat = async (script: string) => {
    const path = join(folder, `shell-${Math.random()}`)
    await writeFile(path, `#!/bin/sh\n${script}\n`)
    await chmod(path, 0o755)
    return path
  }

  test('is what the start-up files make of it, whatever they print', async () => {
    const shell = await shellThat(
      'echo welcome; echo A=wrong; export A="two\nlines" B=; exec /bin/sh -c "$4"',
    )
    const login = await readLoginEnvironment({
      shell,
      env: { PATH: process.env['PATH'], KEPT: 'yes' },
    })
    expect(login).toMatchObject({ shell, env: { A: 'two\nlines', B: '', KEPT: 'yes' } })
    expect(login.trouble).toBeUndefined()
  })

  test('is the own one when the shell hangs, fails or is not there', async () => {
    const env = { PATH: process.env['PATH'], OWN: 'yes' }
    const hangs = await shellThat('sleep 60')
    const slow = await readLoginEnvironment({ shell: hangs, env, patience: 300 })
    expect(slow.env['OWN']).toBe('yes')
    expect(slow.trouble).toContain('took longer than 300 ms')
    const fails = await readLoginEnvironment({ shell: await shellThat('exit 1'), env })
    expect(fails.trouble).toContain('did not tell its environment')
    const absent = await readLoginEnvironment({ shell: join(folder, 'nothing'), env })
    expect(absent.trouble).toContain('cannot be started')
  })
})

/** Files go a moment after the token. */
const isEmpty = (name: string) =>
  expect.poll(() => readdir(join(folder, name)), { timeout: 5_000 }).toEqual([])

/** Resolves when a process has ended; the system says so to nobody but its parent. */
async function isGone(pid: number | undefined): Promise<void> {
  for (;;) {
    try {
      process.kill(pid ?? 0, 0)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Resolves when a count above zero has stood still for a while. */
async function stands(count: () => number): Promise<void> {
  for (let last = 0; last === 0 || last !== count();) {
    last = count()
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
