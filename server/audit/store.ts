import type { Transaction } from 'sequelize'
import type { Event } from '../contract/events.ts'
import type { Database } from '../models/database.ts'
import type { Attempt } from './attempt.ts'
import { type Head, type Link, link } from './chain.ts'
import type { SignedCheckpoint } from './checkpoint.ts'

/** What one commit writes: never changed once built, so that a retry writes the same. */
export interface Batch {
  readonly writer: string
  readonly rows: readonly Row[]
  readonly checkpoint: SignedCheckpoint | undefined
}

export interface Entry {
  readonly phase: Event['phase']
  readonly at: Date
  readonly attempt: Attempt
}

/** A record as stored: the body that was hashed, and copies of what lists filter by. */
export type Row = Link & Columns
interface Columns {
  readonly at: Date
  readonly phase: Event['phase']
  readonly id: string
  readonly action: string
  readonly result: Event['result']
  readonly personName: string | null
  readonly sessionId: string | null
  readonly cluster: string | null
  readonly namespace: string | null
  readonly resource: string | null
  readonly verb: string | null
}

export function rowAfter(head: Head, writer: string, { phase, at, attempt }: Entry): Row {
  const content = { ...attempt, phase, at: at.toISOString() }
  return { ...link(head, writer, content), ...columnsOf({ ...attempt, phase, at }) }
}

/** The columns that must agree with a body. */
export const columnsOf = (said: Attempt & { phase: Event['phase']; at: Date }): Columns => ({
  at: said.at,
  phase: said.phase,
  id: said.id,
  action: said.action,
  result: said.result,
  personName: said.person ?? null,
  sessionId: said.session ?? null,
  cluster: said.cluster ?? null,
  namespace: said.namespace ?? null,
  resource: said.resource ?? null,
  verb: said.verb ?? null,
})

/** Somebody else wrote where this chain goes on: another process with this writer’s name, or an intruder. */
export class ForeignRecord extends Error {
  override readonly name = 'ForeignRecord'
}

/** Writes a batch whole or not at all. A repeated one is recognised when its first attempt did commit. */
export const append = (db: Database, batch: Batch, repeated: boolean): Promise<void> =>
  db.transaction(async (transaction) => {
    if (repeated && (await isWritten(db, batch, transaction))) return
    if (batch.rows.length > 0)
      await db.events.bulkCreate([...batch.rows], { transaction, returning: false })
    if (batch.checkpoint)
      await db.checkpoints.create(checkpointRow(batch.checkpoint), { transaction })
  })

const checkpointRow = (checkpoint: SignedCheckpoint) => ({
  ...checkpoint,
  at: new Date(checkpoint.at),
})

async function isWritten(db: Database, batch: Batch, transaction: Transaction): Promise<boolean> {
  const { writer, rows, checkpoint } = batch
  const [first] = rows
  if (!first) return checkpoint !== undefined && hasCheckpoint(db, checkpoint, transaction)
  const stored = await db.events.findOne({
    where: { writer, sequence: first.sequence },
    attributes: ['hash'],
    transaction,
  })
  if (stored && stored.hash !== first.hash)
    throw new ForeignRecord(`somebody else wrote record ${first.sequence} of ${writer}`)
  return stored !== null
}

async function hasCheckpoint(
  db: Database,
  { writer, sequence }: SignedCheckpoint,
  transaction: Transaction,
): Promise<boolean> {
  return (await db.checkpoints.count({ where: { writer, sequence }, transaction })) > 0
}
