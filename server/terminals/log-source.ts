import { setTimeout as wait } from 'node:timers/promises'
import type { Access } from '../access/index.ts'
import type { AppError } from '../contract/errors.ts'
import type { LogsDown, LogsInput } from '../contract/streams.ts'
import { upstreamError, type Upstreams } from '../proxy/upstream/index.ts'
import { LogGap } from './log-gap.ts'
import { isOver, isRunning } from './log-life.ts'
import { LineReader } from './log-lines.ts'
import { LogSeam } from './log-seam.ts'
import { readLong, type Tap } from './long-read.ts'
import { podPath, readPod, statusOf, type Pod } from './pod.ts'

/** What all sources of a stream share. */
export interface LogPlace {
  readonly upstreams: Upstreams
  readonly access: Access
  readonly input: LogsInput
  readonly auditId: string
  readonly signal: AbortSignal
  /** A new line. */
  line(source: number, time: string, text: string): void
  say(message: LogsDown): void
  /** A chunk of so many bytes was worked through. */
  read(bytes: number): void
}

export interface Container {
  readonly number: number
  readonly pod: string
  readonly uid: string
  readonly name: string
}

/** Milliseconds: the first wait, the longest, and after which a connection counts as good. */
const firstWait = 200
const longestWait = 3_000
const goodAfter = 5_000
/** Attempts to read a log that is not followed. */
const mostAttempts = 5
/** Failures after which it is said that it does not go on at present. */
const saidFailures = 3

interface Reading {
  readonly follow: boolean
  readonly previous: boolean
}

const following: Reading = { follow: true, previous: false }
const theRest: Reading = { follow: false, previous: false }
const lastLife: Reading = { follow: false, previous: true }

/** One container’s log, over all lives of the container and of the connection. */
export class LogSource implements Tap {
  readonly #place: LogPlace
  readonly #container: Container
  readonly #seam = new LogSeam()
  readonly #since: string | undefined
  #isHeld: boolean
  /** The container’s present life as the cluster names it, and how many there were before. */
  #life: string | undefined
  #lives = 0
  /** When it was opened for the first time. */
  #opened: string | undefined
  #lostAt: number | undefined
  #gap: LogGap | undefined
  #isTroubled = false
  #failures = 0
  onRelease: (() => void) | undefined

  constructor(place: LogPlace, container: Container, pod: Pod, isHeld: boolean) {
    this.#place = place
    this.#container = container
    this.#isHeld = isHeld
    const { sinceSeconds } = place.input
    // Absolute, so that it means the same when the log is taken up again.
    this.#since = sinceSeconds === undefined ? undefined : second(Date.now() - sinceSeconds * 1000)
    this.#meet(pod)
  }

  get isHeld(): boolean {
    return this.#isHeld
  }

  hold(): void {
    this.#isHeld = true
  }

  release(): void {
    this.#isHeld = false
    this.onRelease?.()
  }

  /** To the end of the log. Rejects when the stream is given up. */
  async run(): Promise<void> {
    const { follow, previous } = this.#place.input
    const reason = follow && !previous ? await this.#follow() : await this.#readOnce(previous)
    this.#gap?.tell()
    this.#say(reason === undefined ? 'ended' : 'failed', reason)
  }

  /** Gives back why it failed, or nothing. */
  async #readOnce(previous: boolean): Promise<string | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const error = await this.#read({ follow: false, previous })
      if (!error) return undefined
      if (attempt >= mostAttempts || refusals.has(error.code)) return error.message
      await this.#pause()
    }
  }

  async #follow(): Promise<string | undefined> {
    for (;;) {
      const error = await this.#read(following)
      const brokeAt = Date.now()
      if (error?.code === 'forbidden') return error.message
      if (error) this.#troubled(error)
      const pod = await this.#look()
      if (!pod) return undefined
      if (this.#isAnotherLife(pod)) await this.#changeLife(pod)
      else if (isRunning(pod, this.#container.name)) await this.#lost(brokeAt)
      else if (!(await this.#outlived(pod))) return undefined
    }
  }

  /** It runs, so its log should have gone on. */
  async #lost(at: number): Promise<void> {
    if (this.#opened !== undefined) this.#lostAt ??= at
    await this.#pause()
  }

  /** Reads the rest of a life that is over, and waits for the next; false when there is none. */
  async #outlived(pod: Pod): Promise<boolean> {
    // It may have ended while the connection was lost.
    if (this.#opened !== undefined) await this.#read(theRest)
    const back = await this.#untilBack(pod)
    if (back && this.#isAnotherLife(back)) await this.#changeLife(back)
    return back !== undefined
  }

  /** Waits for the next life of a container that does not run; nothing when there will be none. */
  async #untilBack(pod: Pod): Promise<Pod | undefined> {
    const { name } = this.#container
    let now: Pod | undefined = pod
    while (now && !isRunning(now, name) && !this.#isAnotherLife(now)) {
      if (isOver(now, name)) return undefined
      await this.#pause()
      now = await this.#look()
    }
    return now
  }

  #isAnotherLife(pod: Pod): boolean {
    const now = statusOf(pod, this.#container.name)?.containerID
    return this.#life !== undefined && now !== undefined && now !== this.#life
  }

  #meet(pod: Pod): void {
    const status = statusOf(pod, this.#container.name)
    this.#life = status?.containerID ?? this.#life
    this.#lives = status?.restartCount ?? this.#lives
  }

  /** Reads what the life that is over has written since; those in between cannot be read any more. */
  async #changeLife(pod: Pod): Promise<void> {
    const { time: from } = this.#seam
    const lives = (statusOf(pod, this.#container.name)?.restartCount ?? 0) - this.#lives
    const error = this.#opened === undefined ? undefined : await this.#read(lastLife)
    const whole = !error && lives <= 1 && this.#seam.isWhole
    if (!whole && from !== '') this.#tellGap({ from, to: now(), whole, recovered: 0 })
    this.#lostAt = undefined
    this.#meet(pod)
  }

  /** One reading; gives back why it broke off. */
  async #read(how: Reading): Promise<AppError | undefined> {
    const { signal, upstreams, access, auditId } = this.#place
    const { number } = this.#container
    const reader = new LineReader((time, text) => {
      if (!this.#seam.isNew(time, text)) return
      this.#gap?.met(time)
      this.#place.line(number, time, text)
    })
    this.#seam.again()
    let startedAt = Infinity
    try {
      await readLong({ upstreams, access, path: this.#path(how), auditId, signal }, this, {
        started: () => {
          startedAt = performance.now()
          this.#started(how)
        },
        data: (chunk) => {
          reader.push(chunk)
          this.#place.read(chunk.length)
        },
      })
      // A followed log may be broken off without a word; then a half line comes again.
      if (!how.follow) reader.end()
      return undefined
    } catch (error) {
      signal.throwIfAborted()
      return upstreamError(access.clusterId, error)
    } finally {
      if (performance.now() - startedAt > goodAfter) this.#failures = 0
    }
  }

  #path({ follow, previous }: Reading): string {
    const { namespace, tail } = this.#place.input
    const { pod, name } = this.#container
    const query = new URLSearchParams({ container: name, timestamps: 'true' })
    if (follow) query.set('follow', 'true')
    if (previous) query.set('previous', 'true')
    const isFirst = this.#opened === undefined
    // It was open and had no line: where nothing older was wanted, what has come since is.
    const sinceOpened = tail === 0 ? this.#opened : undefined
    const since = this.#seam.since ?? sinceOpened ?? this.#since
    if (since !== undefined) query.set('sinceTime', since)
    if (tail !== undefined && isFirst) query.set('tailLines', String(tail))
    return `${podPath({ namespace, pod })}/log?${query.toString()}`
  }

  #started({ follow }: Reading): void {
    const isFirst = this.#opened === undefined
    this.#opened ??= second(Date.now())
    if (isFirst || this.#isTroubled) this.#say('open')
    this.#isTroubled = false
    if (!follow || this.#lostAt === undefined) return
    const from = this.#seam.time || nanos(this.#lostAt)
    this.#lostAt = undefined
    this.#gap?.tell()
    const gap = new LogGap(now(), (to, recovered) => {
      if (this.#gap === gap) this.#gap = undefined
      this.#tellGap({ from, to, whole: this.#seam.isWhole, recovered })
    })
    this.#gap = gap
  }

  #troubled(error: AppError): void {
    // A container that only starts has no log yet.
    if (this.#isTroubled || this.#failures < saidFailures || error.code === 'invalid_input') return
    this.#isTroubled = true
    this.#say('failed', error.message)
  }

  #tellGap(gap: { from: string; to: string; whole: boolean; recovered: number }): void {
    this.#place.say({ type: 'gap', source: this.#container.number, ...gap })
  }

  /** The pod as it is now; nothing when it is gone or another has its name. Asks for as long as the stream lasts. */
  async #look(): Promise<Pod | undefined> {
    const { upstreams, access, auditId, input, signal } = this.#place
    const { pod, uid } = this.#container
    for (;;) {
      try {
        const where = { namespace: input.namespace, pod, auditId }
        const found = await readPod(upstreams, access, where)
        signal.throwIfAborted()
        if (found.metadata.uid !== uid) return undefined
        if (this.#life === undefined) this.#meet(found)
        return found
      } catch (error) {
        signal.throwIfAborted()
        const known = upstreamError(access.clusterId, error)
        if (known.code === 'not_found') return undefined
        this.#troubled(known)
        await this.#pause()
      }
    }
  }

  async #pause(): Promise<void> {
    const { signal } = this.#place
    const full = Math.min(longestWait, firstWait * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, 10)
    await wait(full * (0.5 + Math.random() / 2), undefined, { signal, ref: false })
  }

  #say(status: 'open' | 'ended' | 'failed', reason?: string): void {
    const { number: source, pod, name: container } = this.#container
    const why = reason === undefined ? {} : { reason: reason.slice(0, 500) }
    this.#place.say({ type: 'source', source, pod, container, status, ...why })
  }
}

const refusals: ReadonlySet<AppError['code']> = new Set(['invalid_input', 'forbidden', 'not_found'])

const nanos = (at: number) => new Date(at).toISOString().replace('Z', '000000Z')
const now = () => nanos(Date.now())
const second = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`
