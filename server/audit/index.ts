import { type KeyObject, randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { EventFilter, events } from '../contract/events.ts'
import type { Database } from '../models/database.ts'
import { type Attempt, redact } from './attempt.ts'
import { createSigner, type Signer } from './checkpoint.ts'
import { type EventPage, exportEvents, listEvents, type Page } from './query.ts'
import { Refusals } from './refusals.ts'
import { resume } from './resume.ts'
import type { Entry } from './store.ts'
import { type AuditState, Writer } from './writer.ts'

export type { Attempt } from './attempt.ts'
export type { EventPage, Page } from './query.ts'
export { stableWriter } from './resume.ts'
export { readStored } from './stored.ts'
export { verifyChain } from './verify.ts'
export type { AuditState } from './writer.ts'

export type Chain = z.output<(typeof events.chain)['output']>

/** The audit chain of this process, and every chain of the database to read. */
export interface Audit {
  /** Asked before any work: while it is failing, nothing that must be recorded may be done. */
  readonly state: AuditState
  /** Resolves when committed; rejects with `unavailable` when it could not be, and then nothing may travel. */
  intent(attempt: Attempt): Promise<void>
  /** Resolves when committed, or when held for the retry while the chain is failing. Never rejects. */
  outcome(attempt: Attempt): Promise<void>
  /**
   * For what is said at once, refusals above all. Rejects with `unavailable` when not committed in
   * time; it is written later all the same. What one stranger does many times is counted, and so is what
   * is refused to one person more often than people can ask.
   */
  event(attempt: Attempt): Promise<void>
  /** Committed within 100 ms, without anybody waiting. What strangers read many times is counted. */
  read(attempt: Attempt): void
  list(filter: EventFilter, page: Page): Promise<EventPage>
  /** NDJSON in chunks of whole lines: every chain in order with its checkpoints. */
  export(filter: EventFilter): AsyncIterable<string>
  chain(): Chain
  /** Writes what waits, the `stop` record and the last checkpoint. */
  close(): Promise<void>
}

export interface AuditOptions {
  readonly db: Database
  /** Ed25519, private. */
  readonly key: KeyObject
  /** Whose chain this process goes on with, see `stableWriter`; two processes never share one. */
  readonly writer: string
  readonly log: Logger
}

export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { db, writer: name, log } = options
  if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(name))
    throw new Error(`${name} cannot name an audit chain`)
  const signer = createSigner(options.key)
  const { head, entries, broken } = await resume(db, name, signer)
  if (broken !== undefined) log.error({ writer: name, why: broken }, 'the audit chain is broken')
  const writer = new Writer({ db, writer: name, signer, head, log })
  try {
    await begin(writer, entries)
  } catch (error) {
    await writer.abandon()
    throw error
  }
  return open(db, name, writer, signer)
}

// A crash may leave many thousand terminals without an outcome; the queue need not hold them all.
const slice = 500

async function begin(writer: Writer, entries: readonly Entry[]): Promise<void> {
  for (let from = 0; from < entries.length; from += slice) {
    // The start is the last of them, and it is signed.
    if (from + slice >= entries.length) writer.checkpoint()
    await Promise.all(entries.slice(from, from + slice).map((entry) => writer.record(entry)))
  }
}

function open(db: Database, name: string, writer: Writer, signer: Signer): Audit {
  const refusals = new Refusals((attempt) => writer.read(redact(attempt)), randomUUID)
  return {
    get state() {
      return writer.state
    },
    intent: (attempt) => writer.intent(redact(attempt)),
    outcome: (attempt) => writer.outcome(redact(attempt)),
    async event(attempt) {
      if (attempt.result === 'allowed' || refusals.isToldInFull(attempt))
        await writer.event(redact(attempt))
    },
    read(attempt) {
      if (attempt.personId !== undefined || refusals.isToldInFull(attempt))
        writer.read(redact(attempt))
    },
    list: (filter, page) => listEvents(db, filter, page),
    export: (filter) => exportEvents(db, filter),
    chain: () => ({
      writer: name,
      length: writer.head.sequence,
      hash: writer.head.hash,
      ...(writer.lastCheckpointAt !== undefined && { lastCheckpointAt: writer.lastCheckpointAt }),
      publicKeyPem: signer.publicKeyPem,
      healthy: writer.state.status === 'healthy',
    }),
    async close() {
      refusals.flush()
      await writer.close()
    },
  }
}
