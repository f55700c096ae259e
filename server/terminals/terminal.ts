import { randomUUID } from 'node:crypto'
import type { Access } from '../access/index.ts'
import { AppError, invalidField, toErrorBody } from '../contract/errors.ts'
import type { StreamPort, TerminalDown, TerminalInput, TerminalUp } from '../contract/streams.ts'
import type { Ask } from '../policies/ask.ts'
import type { Viewer } from '../policies/caller.ts'
import { wordsFor } from '../policies/stream-ends.ts'
import { Channels } from './channels.ts'
import { addDebugContainer, untilRunning } from './debug-container.ts'
import { dial } from './dial.ts'
import { exitOf, exitOfContainer, exitOfShell, type Exit } from './exit.ts'
import { Flow } from './flow.ts'
import { containerNamed, defaultContainer, podPath, readPod, type Pod } from './pod.ts'
import { AuditRecord } from './record.ts'
import { accessTo, grantsFor, may } from './right.ts'
import type { RoomDeps } from './room-deps.ts'

/** Bytes of output on their way to a client; what one read of the connection adds stays below 256 KiB. */
const mostOutput = 192 * 1024
/** Bytes of input that a program has not taken, each message counted with what it costs to keep. */
const mostInput = 5 * 1024 * 1024
const messageCost = 512
/** Bytes of input after which it is said that they were passed on. */
const saidInput = 64 * 1024
/** Milliseconds the cluster has to say goodbye after it told how the program ended. */
const lastWords = 2_000

/** bash where there is one; every image that can be entered at all has sh. */
const shell = [
  'sh',
  '-c',
  'TERM=${TERM:-xterm-256color}; export TERM; command -v bash >/dev/null 2>&1 && exec bash; exec sh',
]

/** One terminal: a program in a pod, from the decision to its last byte. */
export class Terminal {
  readonly #deps: RoomDeps
  readonly #viewer: Viewer
  readonly #input: TerminalInput
  readonly #port: StreamPort
  readonly #life = new AbortController()
  readonly #begun = Date.now()
  readonly #record: AuditRecord
  readonly #flow = new Flow(
    mostOutput,
    () => this.#channels?.hold(),
    () => this.#channels?.release(),
  )
  #channels: Channels | undefined
  /** What was typed before there was anything to type into. */
  #early: Uint8Array[] = []
  #earlyEnd = false
  #size: { readonly columns: number; readonly rows: number }
  #underWay = 0
  #unsaid = 0
  #bytesIn = 0
  #bytesOut = 0
  #exit: Exit | undefined
  /** How it ended is asked for; until then it is not over. */
  #isAsking = false
  #leave: () => void = () => undefined
  #intended = false
  #ended = false

  constructor(deps: RoomDeps, viewer: Viewer, input: TerminalInput, port: StreamPort) {
    this.#deps = deps
    this.#viewer = viewer
    this.#input = input
    this.#port = port
    this.#size = input
    this.#record = new AuditRecord(deps.audit, {
      id: viewer.requestId,
      action: 'terminal',
      viewer,
      place: input,
      ask: this.#ask,
    })
    port.onMessage((message: TerminalUp) => this.#hear(message))
    port.onBytes((bytes) => this.#type(bytes))
    port.onClose(() => this.#finish('the client left'))
  }

  async run(): Promise<void> {
    try {
      await this.#open()
    } catch (error) {
      if (this.#ended) return
      const known = error instanceof AppError
      if (!known) this.#deps.log.error({ err: error }, 'a terminal failed in the gateway')
      this.#fail(error)
    }
  }

  get #ask(): Ask {
    const { mode, namespace, pod: name } = this.#input
    const subresource = mode === 'exec' ? 'exec' : 'attach'
    return { verb: 'get', group: '', version: 'v1', resource: 'pods', subresource, namespace, name }
  }

  async #open(): Promise<void> {
    const { access: room } = this.#deps
    const { mode, container, command } = this.#input
    const access = await accessTo(room, this.#viewer, this.#input)
    const grants = grantsFor(access, this.#ask)
    const image = this.#image(access)
    this.#begin(access, grants)
    const length = command.reduce((sum, it) => sum + it.length, 0)
    this.#record.add({
      grants: [...grants],
      detail: {
        mode,
        ...(container !== undefined && { container }),
        command: command.length === 0 ? 'none' : `${command.length} words, ${length} characters`,
      },
    })
    await this.#record.intend()
    this.#intended = true
    if (this.#ended)
      await this.#record.done({ result: 'failed', reason: 'given up before it began' })
    this.#check()
    if (image === undefined) await this.#enter(access)
    else await this.#debug(access, image)
  }

  /** The image of a debug container, once it is decided that there may be one. */
  #image(access: Access): string | undefined {
    const { mode, image } = this.#input
    if (mode !== 'debug') return undefined
    grantsFor(access, this.#debugAsk)
    grantsFor(access, this.#podAsk)
    if (image === undefined || image === '')
      throw invalidField('image', 'name the image of the debug container')
    return image
  }

  get #podAsk(): Ask {
    return { ...this.#ask, subresource: '' }
  }

  get #debugAsk(): Ask {
    return { ...this.#ask, verb: 'patch', subresource: 'ephemeralcontainers' }
  }

  #begin(access: Access, grantIds: readonly string[]): void {
    this.#check()
    this.#leave = this.#deps.enter(access)
    const kind = this.#input.mode === 'exec' ? 'exec' : 'attach'
    const left = this.#deps.access.streams.open({
      access,
      grantIds,
      kind,
      close: (why) => {
        const words = wordsFor[why]
        this.#finish(why)
        if (why === 'draining') this.#port.close(words, true)
        else this.#port.cut(words)
      },
    })
    const release = this.#leave
    this.#leave = () => {
      left()
      release()
    }
  }

  async #enter(access: Access): Promise<void> {
    const { mode, command, tty } = this.#input
    const pod = await this.#look(access)
    const container = this.#input.container ?? (pod && defaultContainer(pod))
    if (container === undefined)
      throw invalidField('container', 'name the container: you may not read the pod')
    if (mode === 'exec') {
      const words = command.length === 0 ? shell : command
      await this.#connect(access, container, { command: words, tty })
      return
    }
    // Attaching follows the container: a terminal where it has one, input where it reads any.
    const known = pod && containerNamed(pod, container)
    await this.#connect(access, container, { command: [], tty: known ? known.tty === true : tty })
  }

  /** The pod, where it is needed and may be read. */
  async #look(access: Access): Promise<Pod | undefined> {
    const { mode, container } = this.#input
    if (mode === 'exec' && container !== undefined) return undefined
    if (!may(access, this.#podAsk)) return undefined
    const { upstreams } = this.#deps
    const auditId = this.#viewer.requestId
    const pod = await readPod(upstreams, access, { ...this.#input, auditId })
    this.#check()
    return pod
  }

  async #debug(access: Access, image: string): Promise<void> {
    const { upstreams, audit } = this.#deps
    const { signal } = this.#life
    const auditId = randomUUID()
    const it = { upstreams, access, input: this.#input, auditId, signal }
    const change = new AuditRecord(audit, {
      id: auditId,
      action: 'terminal',
      viewer: this.#viewer,
      place: this.#input,
      ask: this.#debugAsk,
    })
    change.add({ grants: [...grantsFor(access, this.#debugAsk)], detail: { image } })
    await change.intend()
    this.#check()
    const name = await addDebugContainer(it, image).catch(async (error: unknown) => {
      await change.failed(error)
      throw error
    })
    await change.done({ status: 200, detail: { image, container: name } })
    this.#check()
    this.#port.send({ type: 'opened' })
    await untilRunning(it, name, (reason) => this.#say({ type: 'waiting', reason }))
    await this.#connect(access, name, { command: [], tty: this.#input.tty, opened: true })
  }

  async #connect(
    access: Access,
    container: string,
    how: { readonly command: string[]; readonly tty: boolean; readonly opened?: true },
  ): Promise<void> {
    const { mode } = this.#input
    const { command, tty } = how
    const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true' })
    // With a terminal there is one output only, and to ask for two is an error.
    if (tty) query.set('tty', 'true')
    else query.set('stderr', 'true')
    for (const word of command) query.append('command', word)
    const path = `${podPath(this.#input)}/${mode === 'exec' ? 'exec' : 'attach'}?${query.toString()}`
    const { upstreams } = this.#deps
    const auditId = this.#viewer.requestId
    const dialled = await dial({ upstreams, access, path, auditId, signal: this.#life.signal })
    if (this.#ended) {
      dialled.socket.destroy()
      return
    }
    this.#record.add({ detail: { container } })
    if (!how.opened) this.#port.send({ type: 'opened' })
    this.#say({ type: 'entered', container, command })
    this.#channels = new Channels(dialled, {
      output: (message) => this.#show(message),
      status: (status) => this.#ending(access, container, exitOf(status)),
      closed: (why) => this.#gone(why),
    })
    if (tty) this.#channels.resize(this.#size.columns, this.#size.rows)
    for (const bytes of this.#early) this.#pass(bytes)
    this.#early = []
    if (this.#earlyEnd) this.#channels.endInput()
  }

  #hear(message: TerminalUp): void {
    if (message.type === 'ack') this.#flow.taken(message.count)
    else if (message.type === 'resize') {
      this.#size = message
      this.#channels?.resize(message.columns, message.rows)
    } else if (this.#channels) this.#channels.endInput()
    else this.#earlyEnd = true
  }

  #type(bytes: Uint8Array): void {
    if (this.#ended || this.#exit || bytes.length === 0) return
    this.#underWay += bytes.length + messageCost
    if (this.#underWay > mostInput) {
      this.#fail(new AppError('too_large', 'The program does not read its input fast enough'))
      return
    }
    if (this.#channels) this.#pass(bytes)
    else this.#early.push(bytes)
  }

  #pass(bytes: Uint8Array): void {
    this.#bytesIn += bytes.length
    let left = bytes.length
    this.#channels?.input(bytes, (count) => {
      left -= count
      this.#underWay -= left === 0 ? count + messageCost : count
      this.#unsaid += count
      if (this.#unsaid < saidInput) return
      this.#say({ type: 'ack', count: this.#unsaid })
      this.#unsaid = 0
    })
  }

  /** A message of the cluster’s, whose first byte means here what it means there. */
  #show(message: Buffer): void {
    if (this.#ended) return
    const count = message.length - 1
    this.#bytesOut += count
    this.#port.sendBytes(message)
    this.#flow.sent(count)
  }

  /** The cluster has told how it ended; of what was only attached to, it tells that the talk is over. */
  #ending(access: Access, container: string, exit: Exit): void {
    const { mode, command } = this.#input
    const isAttached = mode !== 'exec'
    if (!isAttached && command.length === 0) {
      this.#exited(exitOfShell(exit, container))
      return
    }
    if (!isAttached || exit.code !== 0 || !may(access, this.#podAsk)) {
      this.#exited(exit)
      return
    }
    const { upstreams } = this.#deps
    const auditId = this.#viewer.requestId
    const look = () => readPod(upstreams, access, { ...this.#input, auditId })
    this.#isAsking = true
    exitOfContainer(look, { container, since: this.#begun }).then(
      (known) => this.#exited(known ?? {}),
      () => this.#exited({}),
    )
  }

  #exited(exit: Exit): void {
    const isOver = this.#isAsking
    this.#isAsking = false
    this.#exit ??= exit
    if (isOver) this.#gone('')
    else setTimeout(() => this.#gone(''), lastWords).unref()
  }

  #gone(why: string): void {
    if (this.#ended || this.#isAsking) return
    const named = `The cluster "${this.#input.cluster}" ended the terminal`
    const exit = this.#exit ?? { reason: why === '' ? named : `${named}: ${why}` }
    this.#say({ type: 'exit', ...exit })
    this.#finish(exit.reason)
    this.#port.end()
  }

  #say(message: TerminalDown): void {
    if (!this.#ended) this.#port.send(message)
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#close()
    // A refusal is recorded before it is told.
    void this.#record.failed(error).then(() => this.#port.fail(toErrorBody(error)))
  }

  #finish(reason: string | undefined): void {
    if (this.#ended) return
    this.#ended = true
    this.#close()
    // What never came to its decision was neither refused nor done.
    if (!this.#intended) return
    const { code } = this.#exit ?? {}
    const entered = this.#channels !== undefined
    void this.#record.done({
      ...(entered ? { status: 101 } : { result: 'failed' }),
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      ...(reason !== undefined && { reason }),
      ...(code !== undefined && { detail: { exit: String(code) } }),
    })
  }

  #close(): void {
    this.#leave()
    this.#life.abort(new AppError('unavailable', 'It was given up'))
    this.#early = []
    this.#channels?.destroy()
  }

  #check(): void {
    this.#life.signal.throwIfAborted()
  }
}
