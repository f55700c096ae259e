import { type Model, type ModelStatic, Op, type WhereOptions } from 'sequelize'
import { Event } from '../contract/events.ts'
import type { Database } from '../models/database.ts'
import type { EventRow } from '../models/event-row.ts'
import { canonical, hashOf } from './chain.ts'
import type { SignedCheckpoint } from './checkpoint.ts'
import { columnsOf } from './store.ts'
import type { ChainItem } from './verify.ts'

const pageSize = 500

const Body = Event.omit({ hash: true })
export type StoredRecord =
  | { readonly status: 'sound'; readonly event: Event }
  | { readonly status: 'altered'; readonly why: string }

/** What a row says, if its hash, its body and its columns still say the same. */
export function readRow(row: EventRow): StoredRecord {
  if (hashOf(row.previousHash, row.body) !== row.hash)
    return { status: 'altered', why: 'this record was altered: its hash does not fit its content' }
  const body = Body.safeParse(parsed(row.body))
  if (!body.success) return { status: 'altered', why: 'this record was altered: it cannot be read' }
  const { writer, sequence, ...said } = body.data
  const columns = { writer, sequence, ...columnsOf({ ...said, at: new Date(said.at) }) }
  const stored = { ...columns, ...pick(row, columns) }
  if (canonical(columns) !== canonical(stored))
    return {
      status: 'altered',
      why: 'this record was altered: its columns differ from its content',
    }
  return { status: 'sound', event: { ...body.data, hash: row.hash } }
}

const pick = (row: EventRow, like: object) =>
  Object.fromEntries(Object.keys(like).map((key) => [key, row.get(key)]))

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

export interface Reach {
  readonly writer: string
  /** The first record to read; 1 when absent. */
  readonly from?: number
  /** Narrows to some records; checkpoints beyond the last of them are then left out. */
  readonly where?: WhereOptions<EventRow>
}

/** One chain as stored, in order, each checkpoint after its record; a page in memory at a time. */
export async function* readChain(db: Database, reach: Reach): AsyncIterable<ChainItem> {
  const { writer, from = 1, where } = reach
  // Records that are appended while we read are for the next reader.
  const end = await endOf(db, writer)
  let after = from - 1
  for (;;) {
    const rows = await db.events.findAll({
      where: { [Op.and]: [{ writer, sequence: { [Op.gt]: after, [Op.lte]: end } }, where ?? {}] },
      order: [['sequence', 'ASC']],
      limit: pageSize,
    })
    const last = rows.at(-1)?.sequence
    // In a narrowed chain a checkpoint beyond the last record proves nothing.
    const until = last ?? (where ? after : Infinity)
    const beginning = where && rows[0] ? rows[0].sequence - 1 : after
    const checkpoints = await checkpointsBetween(db, writer, beginning, until)
    yield* merged(rows, checkpoints)
    if (last === undefined) return
    after = last
  }
}

function* merged(rows: readonly EventRow[], checkpoints: SignedCheckpoint[]): Iterable<ChainItem> {
  for (const row of rows) {
    yield* checkpointsBefore(checkpoints, row.sequence)
    yield itemOf(row)
  }
  yield* checkpointsBefore(checkpoints, Infinity)
}

function* checkpointsBefore(waiting: SignedCheckpoint[], sequence: number): Iterable<ChainItem> {
  for (let next = waiting[0]; next && next.sequence < sequence; next = waiting[0]) {
    waiting.shift()
    yield { kind: 'checkpoint', checkpoint: next }
  }
}

function itemOf(row: EventRow): ChainItem {
  const record = readRow(row)
  const { writer, sequence, body, previousHash, hash } = row
  if (record.status === 'altered')
    return { kind: 'damaged', at: `${writer}#${sequence}`, why: record.why }
  const { event } = record
  return { kind: 'record', record: { writer, sequence, body, previousHash, hash, event } }
}

async function checkpointsBetween(
  db: Database,
  writer: string,
  after: number,
  until: number,
): Promise<SignedCheckpoint[]> {
  const upper = Number.isFinite(until) ? { [Op.lte]: until } : {}
  const rows = await db.checkpoints.findAll({
    where: { writer, sequence: { [Op.gt]: after, ...upper } },
    order: [['sequence', 'ASC']],
    limit: pageSize,
  })
  return rows.map(({ sequence, at, hash, signature, keyId }) => ({
    writer,
    sequence,
    at: new Date(at).toISOString(),
    hash,
    signature,
    keyId,
  }))
}

async function endOf(db: Database, writer: string): Promise<number> {
  const row = await db.events.findOne({
    where: { writer },
    attributes: ['sequence'],
    order: [['sequence', 'DESC']],
  })
  return row?.sequence ?? 0
}

/** Every chain of the database, for `verifyChain`. */
export async function* readStored(db: Database): AsyncIterable<ChainItem> {
  for await (const writer of writersOf(db)) yield* readChain(db, { writer })
}

/** Everyone who ever wrote to this database, one small query each: a chain may have lost every record. */
export async function* writersOf(db: Database): AsyncIterable<string> {
  const seen = new Set<string>()
  for (const table of [db.events, db.checkpoints] as const) {
    for (
      let writer = await nextWriter(table, '');
      writer;
      writer = await nextWriter(table, writer)
    ) {
      if (!seen.has(writer)) yield writer
      seen.add(writer)
    }
  }
}

async function nextWriter(
  table: Database['events'] | Database['checkpoints'],
  after: string,
): Promise<string | undefined> {
  const options = {
    where: { writer: { [Op.gt]: after } },
    attributes: ['writer'],
    order: [['writer', 'ASC'] satisfies [string, string]],
  }
  const row = await (table as ModelStatic<Model & { writer: string }>).findOne(options)
  return row?.writer
}
