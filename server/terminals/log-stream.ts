import type { Access } from '../access/index.ts'
import { AppError, invalidField, toErrorBody } from '../contract/errors.ts'
import type { LogsDown, LogsInput, LogsUp, StreamPort } from '../contract/streams.ts'
import type { Ask } from '../policies/ask.ts'
import type { Viewer } from '../policies/caller.ts'
import { wordsFor } from '../policies/stream-ends.ts'
import { LogFilter } from './log-filter.ts'
import { LogFlow } from './log-flow.ts'
import { listPods, watchPods } from './log-pods.ts'
import { LogSource, type LogPlace } from './log-source.ts'
import { containersOf, readPod, type Pod } from './pod.ts'
import { AuditRecord } from './record.ts'
import { accessTo, grantsFor } from './right.ts'
import type { RoomDeps } from './room-deps.ts'

/** Characters and milliseconds after which lines are sent. */
const fullBatch = 64 * 1024
const longestBatch = 50
/** Of each line beside its text, so that empty lines fill a batch too. */
const weightOfLine = 16
/** Containers that one stream follows at once. */
const mostSources = 100

type Line = [source: number, time: string, text: string]

/** One stream of logs: which containers it follows, and their lines on their way to one client. */
export class LogStream {
  readonly #deps: RoomDeps
  readonly #viewer: Viewer
  readonly #input: LogsInput
  readonly #port: StreamPort
  readonly #life = new AbortController()
  readonly #record: AuditRecord
  readonly #sources = new Set<LogSource>()
  /** Containers that are or were read, so that none is read twice. */
  readonly #known = new Set<string>()
  readonly #running = new Set<Promise<void>>()
  readonly #flow = new LogFlow(
    () => this.#hold(true),
    () => this.#hold(false),
  )
  #filter: LogFilter | undefined
  #isHeld = false
  #isFull = false
  #batch: Line[] = []
  #batched = 0
  #timer: NodeJS.Timeout | undefined
  #testing = 0
  #bytes = 0
  #leave: (() => void)[] = []
  #ended = false

  constructor(deps: RoomDeps, viewer: Viewer, input: LogsInput, port: StreamPort) {
    this.#deps = deps
    this.#viewer = viewer
    this.#input = input
    this.#port = port
    const { pods = [], selector } = input
    this.#record = new AuditRecord(deps.audit, {
      id: viewer.requestId,
      action: 'logs',
      viewer,
      place: input,
      ask: this.#logOf(pods.length === 1 ? pods[0] : undefined),
    })
    if (selector !== undefined) this.#record.add({ detail: { selector } })
    else if (pods.length > 1) this.#record.add({ detail: { pods: pods.join(' ') } })
    port.onMessage((message: LogsUp) => this.#flow.taken(message.count))
    port.onClose(() => this.#finish('the client left'))
  }

  async run(): Promise<void> {
    try {
      await this.#open()
      await this.#untilDone()
      if (this.#ended) return
      this.#say({ type: 'end' })
      this.#finish(undefined)
      this.#port.end()
    } catch (error) {
      if (this.#ended) return
      const known = error instanceof AppError
      if (!known) this.#deps.log.error({ err: error }, 'a stream of logs failed in the gateway')
      this.#fail(error)
    }
  }

  async #open(): Promise<void> {
    const { pods, selector, filter, pattern } = this.#input
    if ((pods === undefined) === (selector === undefined))
      throw invalidField('pods', 'name pods, or a selector that finds them')
    if (filter !== undefined && filter !== '') this.#filter = new LogFilter(filter, pattern)
    const access = await accessTo(this.#deps.access, this.#viewer, this.#input)
    const needs = this.#asks().map((ask) => grantsFor(access, ask))
    this.#begin(access, needs)
    this.#port.send({ type: 'opened' })
    if (selector === undefined) await this.#openNamed(access, pods ?? [])
    else await this.#openSelected(access, selector)
  }

  /** Everything that will be asked of the cluster. */
  #asks(): Ask[] {
    const { pods, follow } = this.#input
    if (pods) return pods.flatMap((name) => [this.#logOf(name), this.#podsBy('get', name)])
    const list = [this.#logOf(undefined), this.#podsBy('get'), this.#podsBy('list')]
    return follow ? [...list, this.#podsBy('watch')] : list
  }

  #logOf(name: string | undefined): Ask {
    return { ...this.#podsBy('get', name), subresource: 'log' }
  }

  #podsBy(verb: string, name?: string): Ask {
    const { namespace, selector } = this.#input
    const labels = verb === 'get' ? {} : { labelSelector: selector }
    return { verb, group: '', version: 'v1', resource: 'pods', namespace, name, ...labels }
  }

  #begin(access: Access, needs: readonly (readonly string[])[]): void {
    this.#life.signal.throwIfAborted()
    this.#record.add({ grants: [...new Set(needs.flat())] })
    this.#leave.push(this.#deps.enter(access))
    // Each need has its own grants: it ends when one of the needs has none left.
    for (const grants of new Set(needs.map((it) => it.join(' ')))) {
      const left = this.#deps.access.streams.open({
        access,
        grantIds: grants.split(' '),
        kind: 'log',
        close: (why) => {
          if (this.#ended) return
          this.#finish(why)
          if (why === 'draining') this.#port.close(wordsFor[why], true)
          else this.#port.cut(wordsFor[why])
        },
      })
      this.#leave.push(left)
    }
  }

  async #openNamed(access: Access, pods: readonly string[]): Promise<void> {
    const { upstreams } = this.#deps
    const { namespace } = this.#input
    const auditId = this.#viewer.requestId
    const found = await Promise.all(
      pods.map((pod) => readPod(upstreams, access, { namespace, pod, auditId })),
    )
    this.#life.signal.throwIfAborted()
    for (const pod of found) this.#add(access, pod)
    if (this.#known.size === 0)
      throw invalidField('container', `there is no container "${this.#input.container ?? ''}"`)
  }

  async #openSelected(access: Access, selector: string): Promise<void> {
    const { upstreams } = this.#deps
    const { namespace, follow, previous } = this.#input
    const { signal } = this.#life
    const auditId = this.#viewer.requestId
    const pod = (it: Pod) => this.#add(access, it)
    const options = { upstreams, access, namespace, selector, auditId, signal, pod }
    const version = await listPods(options)
    if (follow && !previous) this.#keep(watchPods(options, version))
  }

  /** All containers of a pod that are wanted and not read yet. */
  #add(access: Access, pod: Pod): void {
    const { container: wanted } = this.#input
    for (const { name } of containersOf(pod)) {
      const key = `${pod.metadata.uid}/${name}`
      if (this.#ended || this.#known.has(key) || (wanted ?? name) !== name) continue
      if (this.#sources.size >= mostSources) {
        this.#tooMany(pod, name)
        return
      }
      const number = this.#known.size
      const container = { number, pod: pod.metadata.name, uid: pod.metadata.uid, name }
      const source = new LogSource(this.#placeFor(access), container, pod, this.#isHeld)
      this.#known.add(key)
      this.#sources.add(source)
      this.#keep(source.run().finally(() => this.#sources.delete(source)))
    }
  }

  #tooMany(pod: Pod, container: string): void {
    if (this.#isFull) return
    this.#isFull = true
    const reason = `Only the first ${mostSources} containers are read: choose fewer`
    const { name } = pod.metadata
    this.#say({
      type: 'source',
      source: mostSources,
      pod: name,
      container,
      status: 'failed',
      reason,
    })
  }

  #placeFor(access: Access): LogPlace {
    return {
      upstreams: this.#deps.upstreams,
      access,
      input: this.#input,
      auditId: this.#viewer.requestId,
      signal: this.#life.signal,
      line: (source, time, text) => this.#line(source, time, text),
      say: (message) => this.#say(message),
      read: (bytes) => this.#read(bytes),
    }
  }

  #keep(work: Promise<void>): void {
    const kept = work.catch((error: unknown) => {
      if (this.#ended) return
      this.#deps.log.error({ err: error }, 'a stream of logs failed in the gateway')
      this.#fail(error)
    })
    this.#running.add(kept)
    void kept.then(() => this.#running.delete(kept))
  }

  async #untilDone(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running)
  }

  #line(source: number, time: string, text: string): void {
    if (this.#filter) {
      const began = performance.now()
      const lets = this.#filter.lets(text)
      this.#testing += performance.now() - began
      if (!lets) return
    }
    this.#batch.push([source, time, text])
    this.#batched += text.length + weightOfLine
    if (this.#batched >= fullBatch) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), longestBatch)
  }

  #read(bytes: number): void {
    this.#bytes += bytes
    if (!this.#filter) return
    try {
      this.#filter.took(this.#testing)
      this.#testing = 0
    } catch (error) {
      this.#fail(error)
    }
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#ended || this.#batch.length === 0) return
    const lines = this.#batch
    this.#port.send({ type: 'lines', lines })
    this.#flow.sent(lines.length, this.#batched)
    this.#batch = []
    this.#batched = 0
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld
    for (const source of this.#sources) {
      if (isHeld) source.hold()
      else source.release()
    }
  }

  /** After the lines that came before it. */
  #say(message: LogsDown): void {
    this.#flush()
    if (!this.#ended) this.#port.send(message)
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#flush()
    this.#close()
    // A refusal is recorded before it is told.
    void this.#record.failed(error).then(() => this.#port.fail(toErrorBody(error)))
  }

  #finish(reason: string | undefined): void {
    if (this.#ended) return
    this.#close()
    this.#record.read({
      status: 200,
      bytesOut: this.#bytes,
      ...(reason !== undefined && { reason }),
    })
  }

  #close(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    for (const leave of this.#leave.splice(0)) leave()
    this.#life.abort(new AppError('unavailable', 'It was given up'))
  }
}
