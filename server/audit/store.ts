import { QueryTypes, type Transaction } from 'sequelize'
import type { Event } from '../contract/events.ts'
import type { Database } from '../models/database.ts'
import type { Attempt } from './attempt.ts'
import { type Head, hashOf, type Link, sorted } from './chain.ts'
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

/** The record after `head`: its body names its own place, so that it cannot be moved. */
export function rowAfter(head: Head, writer: string, { phase, at, attempt }: Entry): Row {
  const sequence = head.sequence + 1
  const body = bodyOf({ ...attempt, phase, at: at.toISOString(), writer, sequence })
  const hash = hashOf(head.hash, body)
  const columns = columnsOf({ ...attempt, phase, at })
  return { writer, sequence, body, previousHash: head.hash, hash, ...columns }
}

type Said = Omit<Event, 'hash'>

/** What `canonical` makes of it, in a fraction of the time: every key stands where sorting puts it. */
function bodyOf(said: Said): string {
  const { detail } = said
  return JSON.stringify({
    action: said.action,
    at: said.at,
    bytesIn: said.bytesIn,
    bytesOut: said.bytesOut,
    cluster: said.cluster,
    detail: detail && sorted(detail),
    grants: said.grants,
    group: said.group,
    id: said.id,
    milliseconds: said.milliseconds,
    name: said.name,
    namespace: said.namespace,
    path: said.path,
    person: said.person,
    personId: said.personId,
    phase: said.phase,
    profile: said.profile,
    reason: said.reason,
    resource: said.resource,
    result: said.result,
    sequence: said.sequence,
    session: said.session,
    source: said.source,
    status: said.status,
    subresource: said.subresource,
    verb: said.verb,
    writer: said.writer,
  } satisfies Record<keyof Said, unknown>)
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
class ForeignRecord extends Error {
  override readonly name = 'ForeignRecord'
}

/** Writes a batch whole or not at all. A repeated one is recognised when its first attempt did commit. */
export async function append(db: Database, batch: Batch, repeated: boolean): Promise<void> {
  // One statement is whole by itself; on SQLite a transaction would open a connection of its own.
  if (!repeated && !batch.checkpoint) return insert(db, batch.rows)
  await db.transaction(async (transaction) => {
    if (repeated && (await isWritten(db, batch, transaction))) return
    if (batch.rows.length > 0) await insert(db, batch.rows, transaction)
    if (batch.checkpoint)
      await db.checkpoints.create(checkpointRow(batch.checkpoint), { transaction })
  })
}

/** All rows in one parameter: the statement is always the same, and nobody escapes a value. */
async function insert(db: Database, rows: readonly Row[], transaction?: Transaction) {
  await db.sequelize.query(insertion[db.dialect], {
    type: QueryTypes.RAW,
    bind: [JSON.stringify(rows.map((row) => valuesOf[db.dialect](row)))],
    ...(transaction && { transaction }),
  })
}

const columns = {
  writer: 'text',
  sequence: 'bigint',
  at: 'timestamptz',
  phase: 'text',
  id: 'text',
  action: 'text',
  result: 'text',
  personName: 'text',
  sessionId: 'text',
  cluster: 'text',
  namespace: 'text',
  resource: 'text',
  verb: 'text',
  body: 'text',
  previousHash: 'text',
  hash: 'text',
} as const satisfies Record<keyof Row, string>
const names = Object.keys(columns) as (keyof Row)[]
const into = `INSERT INTO "events" (${names.map((name) => `"${name}"`).join(', ')})`

const insertion: Readonly<Record<Database['dialect'], string>> = {
  sqlite: `${into} SELECT ${names.map((_, at) => `json_extract(value, '$[${at}]')`).join(', ')} FROM json_each($1)`,
  postgres: `${into} SELECT * FROM json_to_recordset($1) AS event(${names.map((name) => `"${name}" ${columns[name]}`).join(', ')})`,
}

const valuesOf: Readonly<Record<Database['dialect'], (row: Row) => unknown>> = {
  sqlite: (row: Row) => [
    row.writer,
    row.sequence,
    // As Sequelize writes a moment there, for whoever compares with it.
    row.at.toISOString().replace('T', ' ').replace('Z', ' +00:00'),
    row.phase,
    row.id,
    row.action,
    row.result,
    row.personName,
    row.sessionId,
    row.cluster,
    row.namespace,
    row.resource,
    row.verb,
    row.body,
    row.previousHash,
    row.hash,
  ],
  postgres: (row: Row) => row,
}

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
