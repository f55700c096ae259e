import { Op, type WhereOptions } from 'sequelize'
import { invalidField } from '../contract/errors.ts'
import type { Event, EventFilter } from '../contract/events.ts'
import type { Database } from '../models/database.ts'
import type { EventRow } from '../models/event-row.ts'
import { readChain, readRow, writersOf } from './stored.ts'
import type { ChainItem } from './verify.ts'
import { exportCheckpoint, exportDamage, exportRecord } from './verify-file.ts'

export interface Page {
  readonly limit: number
  /** `next` of the page before. */
  readonly before?: string | undefined
}

export interface EventPage {
  readonly events: Event[]
  readonly next?: string
}

/** Newest first. A record that was altered is shown as such, never left out. */
export async function listEvents(
  db: Database,
  filter: EventFilter,
  { limit, before }: Page,
): Promise<EventPage> {
  const conditions = [...conditionsOf(filter), ...(before === undefined ? [] : [olderThan(before)])]
  const rows = await db.events.findAll({
    where: { [Op.and]: conditions },
    order: [
      ['at', 'DESC'],
      ['writer', 'DESC'],
      ['sequence', 'DESC'],
    ],
    limit: limit + 1,
  })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    events: page.map(eventOf),
    ...(rows.length > limit && last && { next: cursorOf(last) }),
  }
}

const chunkSize = 64 * 1024

/** NDJSON in chunks of whole lines; only a whole export, or one cut by time, can be verified. */
export async function* exportEvents(db: Database, filter: EventFilter): AsyncIterable<string> {
  const conditions = conditionsOf(filter)
  const narrowed = conditions.length > 0 && { where: { [Op.and]: conditions } }
  let chunk = ''
  for await (const writer of writersOf(db)) {
    for await (const item of readChain(db, { writer, ...narrowed })) {
      chunk += lineOf(item)
      if (chunk.length < chunkSize) continue
      yield chunk
      chunk = ''
    }
  }
  if (chunk !== '') yield chunk
}

function lineOf(item: ChainItem): string {
  switch (item.kind) {
    case 'record':
      return exportRecord(item.record)
    case 'checkpoint':
      return exportCheckpoint(item.checkpoint)
    case 'damaged':
      return exportDamage(item.at, item.why)
  }
}

function eventOf(row: EventRow): Event {
  const record = readRow(row)
  if (record.status === 'sound') return record.event
  // Nothing of an altered row but its place can be believed.
  const { writer, sequence, hash } = row
  const at = new Date(row.at).toISOString()
  const place = { writer, sequence, at, phase: 'event' as const, id: '', hash }
  return { ...place, action: 'altered', result: 'unknown', reason: record.why }
}

type Condition = WhereOptions<EventRow>

function conditionsOf(filter: EventFilter): Condition[] {
  const { since, until, person, session, ...same } = filter
  const equal = {
    ...same,
    ...(person !== undefined && { personName: person }),
    ...(session !== undefined && { sessionId: session }),
  }
  const conditions: Condition[] = Object.entries(equal)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => ({ [column]: value }))
  if (since !== undefined) conditions.push({ at: { [Op.gte]: new Date(since) } })
  if (until !== undefined) conditions.push({ at: { [Op.lt]: new Date(until) } })
  return conditions
}

const cursorOf = ({ at, writer, sequence }: EventRow) =>
  `${new Date(at).getTime()}.${sequence}.${writer}`

function olderThan(cursor: string): Condition {
  const [, time, place, writer] = /^(\d{1,15})\.(\d{1,15})\.([a-z0-9.-]{1,63})$/.exec(cursor) ?? []
  if (!time || !place || !writer) throw invalidField('before', 'use `next` of the page before')
  const at = new Date(Number(time))
  return {
    [Op.or]: [
      { at: { [Op.lt]: at } },
      { at, writer: { [Op.lt]: writer } },
      { at, writer, sequence: { [Op.lt]: Number(place) } },
    ],
  }
}
