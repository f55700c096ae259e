import { AsyncLocalStorage } from 'node:async_hooks'
import type { Logger } from 'pino'
import { AppError } from '../contract/errors.ts'
import type { Database } from '../models/database.ts'
import type { Attempt } from './attempt.ts'
import type { Head } from './chain.ts'
import { checkpointEvery, recordsPerCheckpoint, type Signer } from './checkpoint.ts'
import { outcomeUnknown, ownEntry, refusedInstead, refusedOutcome } from './entries.ts'
import { append, type Batch, type Entry, rowAfter } from './store.ts'

export type AuditState =
  | { readonly status: 'healthy' }
  | { readonly status: 'failing'; readonly since: Date; readonly reason: string }

/** Records that may wait in memory; outcomes of work already let through may take as many again. */
const capacity = 4096
const batchLimit = 512
const groupCommitMs = 4
const readCommitMs = 90
const retryMs = 1000

interface Waiting {
  entry: Entry
  /** Absent when nobody waits for the commit, or no longer. */
  done?: { resolve(): void; reject(error: Error): void } | undefined
}

export interface WriterOptions {
  readonly db: Database
  readonly writer: string
  readonly signer: Signer
  readonly head: Head
  readonly log: Logger
}

const unavailable = () =>
  new AppError('unavailable', 'The audit log cannot be written, so nothing is let through', {})

/**
 * The only one who appends to this process’s chain: one batch at a time, in the order of the calls.
 * A batch that fails is tried again as it is until it is written; until then nothing new is let in.
 */
export class Writer {
  readonly #options: WriterOptions
  /** A flush is nobody’s: it must not run in the transaction its caller happens to be in. */
  readonly #outside = AsyncLocalStorage.snapshot()
  #head: Head
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #timerAt = Infinity
  #lastStart = 0
  #state: AuditState = { status: 'healthy' }
  #lost = 0
  /** Committed, and their outcome not yet told. */
  readonly #open = new Map<string, Attempt>()
  #unsigned = 0
  #checkpointTimer: NodeJS.Timeout | undefined
  #lastCheckpointAt: string | undefined
  #signNext = false
  #closing = false
  #gaveUp = false
  #wake: (() => void) | undefined

  constructor(options: WriterOptions) {
    this.#options = options
    this.#head = options.head
  }

  get state(): AuditState {
    return this.#state
  }

  get head(): Head {
    return this.#head
  }

  get lastCheckpointAt(): string | undefined {
    return this.#lastCheckpointAt
  }

  /** Committed, or rejected and then recorded later as refused. */
  intent(attempt: Attempt): Promise<void> {
    const entry: Entry = { phase: 'intent', at: new Date(), attempt }
    if (this.#isOpen()) return this.#promise(entry)
    this.#hold(refusedInstead(entry))
    return Promise.reject(unavailable())
  }

  /** Committed, or rejected but held and written later. */
  event(attempt: Attempt): Promise<void> {
    return this.record({ phase: 'event', at: new Date(), attempt })
  }

  record(entry: Entry): Promise<void> {
    if (this.#isOpen()) return this.#promise(entry)
    this.#hold(entry)
    return Promise.reject(unavailable())
  }

  async outcome(attempt: Attempt): Promise<void> {
    const entry: Entry = { phase: 'outcome', at: new Date(), attempt }
    this.#open.delete(attempt.id)
    if (this.#isFailing() || this.#closing) this.#hold(entry, capacity * 2)
    else if (this.#waiting.length < capacity * 2) await this.#promise(entry)
    else this.#lost++
  }

  read(attempt: Attempt): void {
    this.#isOpen()
    this.#hold({ phase: 'event', at: new Date(), attempt })
  }

  /** Signs the chain as it stands, together with what waits. */
  checkpoint(): void {
    this.#checkpointTimer = undefined
    this.#signNext = true
    this.#flushWithin(0)
  }

  /** Ends without a word, when not even the first words could be written. */
  async abandon(): Promise<void> {
    this.#closing = true
    clearTimeout(this.#timer)
    this.#wake?.()
    await this.#running
  }

  /** Writes what waits and says `stop`; a failing database is tried once more, then the loss is logged. */
  async close(): Promise<void> {
    this.#closing = true
    clearTimeout(this.#timer)
    clearTimeout(this.#checkpointTimer)
    this.#wake?.()
    while (this.#waiting.length > 0 || this.#running) {
      await this.#flush()
      if (this.#gaveUp) break
    }
    for (const attempt of this.#open.values())
      this.#waiting.push({
        entry: outcomeUnknown(attempt, 'the process stopped before the outcome was known'),
      })
    this.#waiting.push({ entry: ownEntry('stop') })
    this.#signNext = true
    while (this.#waiting.length > 0 && !this.#gaveUp) await this.#flush()
    if (this.#gaveUp)
      this.#options.log.error({ records: this.#waiting.length }, 'audit records are lost')
  }

  #isFailing(): boolean {
    return this.#state.status === 'failing'
  }

  /** Whether new work may be let in; a full queue closes the door until it is half empty. */
  #isOpen(): boolean {
    if (this.#closing) return false
    if (!this.#isFailing() && this.#waiting.length >= capacity)
      this.#fail('more is happening than the audit log can write')
    return !this.#isFailing()
  }

  #promise(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, done: { resolve, reject } })
      this.#flushWithin(groupCommitMs)
    })
  }

  #hold(entry: Entry, room = capacity): void {
    if (this.#closing) this.#options.log.error({ phase: entry.phase }, 'an audit record came late')
    if (this.#waiting.length >= room) this.#lost++
    else this.#waiting.push({ entry })
    this.#flushWithin(this.#waiting.length < batchLimit ? readCommitMs : 0)
  }

  /** Counts from the last flush, so that a lone call is written at once and a crowd shares commits. */
  #flushWithin(milliseconds: number): void {
    const now = performance.now()
    const start = milliseconds > groupCommitMs ? now : Math.min(now, this.#lastStart)
    const at = Math.max(now, start + milliseconds)
    if (this.#running || this.#closing || this.#timerAt <= at) return
    clearTimeout(this.#timer)
    this.#timerAt = at
    this.#timer = setTimeout(() => void this.#flush(), at - now)
  }

  #flush(): Promise<void> {
    this.#timerAt = Infinity
    this.#running ??= this.#outside(() => this.#writeBatch()).finally(() => {
      this.#running = undefined
      this.#continue()
    })
    return this.#running
  }

  #continue(): void {
    if (this.#waiting.length === 0 && !this.#signNext) return
    const urgent = this.#signNext || this.#waiting.some((it) => it.done)
    const full = this.#waiting.length >= batchLimit
    this.#flushWithin(full ? 0 : urgent ? groupCommitMs : readCommitMs)
  }

  async #writeBatch(): Promise<void> {
    this.#lastStart = performance.now()
    const taken = this.#waiting.splice(0, batchLimit)
    const batch = this.#build(taken)
    if (batch.rows.length === 0 && !batch.checkpoint) {
      this.#signNext = false
      return
    }
    for (let repeated = false; ; repeated = true) {
      try {
        await append(this.#options.db, batch, repeated)
        break
      } catch (error) {
        this.#failed(error, taken)
        if (this.#closing) {
          this.#gaveUp = true
          this.#waiting.unshift(...taken)
          return
        }
        await this.#pause()
      }
    }
    this.#written(batch, taken)
  }

  #build(taken: readonly Waiting[]): Batch {
    const { writer, signer } = this.#options
    let head = this.#head
    const rows = taken.map(({ entry }) => {
      const row = rowAfter(head, writer, entry)
      head = row
      return row
    })
    const unsigned = this.#unsigned + rows.length
    const due = unsigned >= recordsPerCheckpoint || (this.#signNext && this.#waiting.length === 0)
    if (!due || unsigned === 0) return { writer, rows, checkpoint: undefined }
    const { sequence, hash } = head
    const at = new Date().toISOString()
    return { writer, rows, checkpoint: signer.sign({ writer, sequence, hash, at }) }
  }

  #written(batch: Batch, taken: readonly Waiting[]): void {
    const last = batch.rows.at(-1)
    if (last) this.#head = { sequence: last.sequence, hash: last.hash }
    this.#unsigned += batch.rows.length
    if (batch.checkpoint) this.#signed(batch.checkpoint.at)
    if (this.#waiting.length === 0 && this.#unsigned === 0) this.#signNext = false
    if (this.#unsigned > 0)
      this.#checkpointTimer ??= setTimeout(() => this.checkpoint(), checkpointEvery).unref()
    for (const it of taken) {
      if (isIntentWaitedFor(it)) this.#open.set(it.entry.attempt.id, it.entry.attempt)
      it.done?.resolve()
    }
    this.#recover()
  }

  #recover(): void {
    if (this.#isFailing()) {
      if (this.#waiting.length > capacity / 2) return
      this.#state = { status: 'healthy' }
      this.#options.log.info('the audit log can be written again')
    }
    if (this.#lost > 0) this.#sayWhatWasLost()
  }

  #signed(at: string): void {
    this.#unsigned = 0
    this.#lastCheckpointAt = at
    clearTimeout(this.#checkpointTimer)
    this.#checkpointTimer = undefined
    // Outside the database too, where an intruder in the database cannot reach it.
    this.#options.log.info({ writer: this.#options.writer, ...this.#head, at }, 'audit checkpoint')
  }

  #failed(error: unknown, taken: readonly Waiting[]): void {
    const reason = error instanceof Error ? error.message : String(error)
    if (this.#state.status === 'failing') this.#state = { ...this.#state, reason }
    else this.#fail(reason)
    // What is built stays as it is, since it may have been committed after all.
    const refused = taken.filter(isIntentWaitedFor).map(({ entry }) => refusedOutcome(entry))
    letGo(taken)
    this.#waiting.push(...refused.map((entry) => ({ entry })))
  }

  #fail(reason: string): void {
    this.#state = { status: 'failing', since: new Date(), reason }
    this.#options.log.error({ reason }, 'the audit log cannot be written; work is refused')
    for (const it of this.#waiting.filter(isIntentWaitedFor)) it.entry = refusedInstead(it.entry)
    letGo(this.#waiting)
  }

  #sayWhatWasLost(): void {
    const detail = { lost: String(this.#lost) }
    const reason = 'so many records could not be held while the audit log could not be written'
    this.#lost = 0
    this.#waiting.push({ entry: ownEntry('gap', { reason, detail }) })
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, retryMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

const isIntentWaitedFor = ({ entry, done }: Waiting) =>
  entry.phase === 'intent' && done !== undefined

/** Nobody waits for a failing database: work is refused, what was done already is told later. */
function letGo(waiting: readonly Waiting[]): void {
  for (const it of waiting) {
    if (it.entry.phase === 'outcome') it.done?.resolve()
    else it.done?.reject(unavailable())
    it.done = undefined
  }
}
