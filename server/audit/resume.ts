import { randomBytes } from 'node:crypto'
import { literal, Op } from 'sequelize'
import type { Database } from '../models/database.ts'
import { type Attempt, redact } from './attempt.ts'
import { genesis, type Head } from './chain.ts'
import type { Signer } from './checkpoint.ts'
import { readChain, readRow } from './stored.ts'
import type { Entry } from './store.ts'
import { verifyChain } from './verify.ts'
import { outcomeUnknown, ownEntry } from './entries.ts'

/** The name of this host’s chain, kept in the database so that a restart goes on with it. */
export async function stableWriter(db: Database, host: string): Promise<string> {
  const name =
    host
      .toLowerCase()
      .replace(/[^a-z0-9-]/g, '-')
      .slice(0, 40) || 'gateway'
  const key = `audit.writer.${name}`
  const value = `${name.replace(/^-+/, '') || 'gateway'}.${randomBytes(4).toString('hex')}`
  return db.transaction(async (transaction) => {
    const [setting] = await db.settings.findOrCreate({
      where: { key },
      defaults: { key, value },
      transaction,
    })
    return setting.value
  })
}

export interface Resumed {
  readonly head: Head
  /** What the chain must say before anything else. */
  readonly entries: readonly Entry[]
  /** Why the stored end of the chain cannot be trusted, if so. */
  readonly broken: string | undefined
}

/** Finds the end of this writer’s chain and what its last run left unsaid. */
export async function resume(db: Database, writer: string, signer: Signer): Promise<Resumed> {
  const newest = { where: { writer }, order: [['sequence', 'DESC'] satisfies [string, string]] }
  const last = await db.events.findOne(newest)
  const checkpoint = await db.checkpoints.findOne(newest)
  if (!last && !checkpoint)
    return { head: beginning, entries: [start(signer.keyId)], broken: undefined }
  // Another key’s signature cannot be checked here: its public half is the auditor’s to keep.
  const previousKey = checkpoint && checkpoint.keyId !== signer.keyId ? checkpoint.keyId : undefined
  const broken = previousKey ? undefined : await whyBroken(db, writer, checkpoint?.sequence, signer)
  const entries = [
    ...(broken === undefined ? [] : [gap(`the stored chain does not verify: ${broken}`)]),
    ...(last?.phase === 'stop' ? [] : await unsaid(db, writer)),
    start(signer.keyId, previousKey),
  ]
  return { head: endOf(last, checkpoint), entries, broken }
}

const beginning: Head = { sequence: 0, hash: genesis }

/** After a cut tail the chain goes on behind its last signature, so that the hole stays visible. */
function endOf(last: Head | null, checkpoint: Head | null): Head {
  const { sequence, hash } =
    (last?.sequence ?? 0) >= (checkpoint?.sequence ?? 0)
      ? (last ?? beginning)
      : (checkpoint ?? beginning)
  return { sequence, hash }
}

/** What a run that was killed could not say. */
async function unsaid(db: Database, writer: string): Promise<Entry[]> {
  const entries = [gap(killed)]
  for await (const attempt of withoutOutcome(db, writer)) entries.push(unknownOutcome(attempt))
  return entries
}

const killed =
  'the process ended without stopping; up to 100 ms of reads and a minute of counted refusals may be missing'
const start = (key: string, previousKey?: string) =>
  ownEntry('start', { detail: { key, ...(previousKey !== undefined && { previousKey }) } })
const gap = (reason: string) => ownEntry('gap', { result: 'unknown', reason })
const unknownOutcome = (attempt: Attempt) =>
  outcomeUnknown(attempt, 'the process ended before the outcome was known')

/** Only what came after the last signature is read; the rest is the offline verifier’s. */
async function whyBroken(
  db: Database,
  writer: string,
  from: number | undefined,
  signer: Signer,
): Promise<string | undefined> {
  const items = readChain(db, { writer, from: from ?? 1 })
  const verdict = await verifyChain(items, signer.publicKeyPem, { partial: from !== undefined })
  return verdict.status === 'broken' ? `${verdict.at}: ${verdict.why}` : undefined
}

const pageSize = 500

async function* withoutOutcome(db: Database, writer: string): AsyncIterable<Attempt> {
  // Every start before told the outcomes of what came before it.
  const begun = await db.events.findOne({
    where: { writer, phase: 'start' },
    order: [['sequence', 'DESC']],
  })
  let after = begun?.sequence ?? 0
  for (;;) {
    const rows = await db.events.findAll({
      where: { writer, phase: 'intent', sequence: { [Op.gt]: after }, [Op.and]: noOutcome },
      order: [['sequence', 'ASC']],
      limit: pageSize,
    })
    for (const row of rows) {
      const record = readRow(row)
      if (record.status === 'sound') yield redact(record.event)
    }
    const last = rows.at(-1)
    if (!last) return
    after = last.sequence
  }
}

const noOutcome = literal(
  `NOT EXISTS (SELECT 1 FROM events AS later WHERE later.id = "EventRow"."id"
    AND later.writer = "EventRow"."writer" AND later.phase = 'outcome')`,
)
