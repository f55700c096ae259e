import { z } from 'zod'
import { ErrorBody } from './errors.ts'
import { ApiGroup, ApiVersion, InNamespace, Place, ResourceName, Tone } from './place.ts'

/** What a view asks: one kind of object in one or more places. */
export const ViewQuery = z.strictObject({
  sources: z.array(Place).min(1).max(50),
  group: ApiGroup,
  version: ApiVersion,
  resource: ResourceName,
  /** Absent means all that may be seen. */
  namespaces: z.array(InNamespace).min(1).max(100).optional(),
  /** A Kubernetes label selector: `app=web,tier in (a,b),!old`. */
  labels: z.string().max(1000).optional(),
  /** Words that all must be found in a row; `!word` must not, `/pattern/` is a regular expression. */
  text: z.string().max(200).optional(),
  /** Statuses as the facets name them; any of them fits. */
  statuses: z.array(z.string().max(100)).max(50).optional(),
  /** How well what is looked for is; any of them fits. */
  tones: z.array(Tone).max(6).optional(),
  /** Only what is controlled by the object with this uid. */
  owner: z.string().max(64).optional(),
  /** Earlier ones win; the name decides the rest. Columns by their id. Without any it is as the columns say. */
  sort: z
    .array(z.strictObject({ column: z.string().max(64), descending: z.boolean() }))
    .max(4)
    .default([]),
  offset: z.number().int().min(0).default(0),
  /** 0 asks for numbers only: totals, facets and sums. */
  limit: z.number().int().min(0).max(500).default(100),
})
export type ViewQuery = z.infer<typeof ViewQuery>

/** How a cell is drawn and sorted. */
export const ColumnType = z.enum([
  'text',
  'number',
  // Milliseconds since 1970; shown as an age.
  'age',
  'status',
  // One letter for each container, see `Bricks`.
  'bricks',
  // Bytes; shown with a unit.
  'bytes',
  // Thousandths of a CPU.
  'cpu',
])
export type ColumnType = z.infer<typeof ColumnType>

export const Column = z.object({
  id: z.string(),
  title: z.string(),
  type: ColumnType,
  /** Shown only when asked for. */
  extra: z.boolean().optional(),
  /** Rows come in the order of this column unless another is asked for. */
  order: z.enum(['ascending', 'descending']).optional(),
})
export type Column = z.infer<typeof Column>

/** A status: the word, how bad it is, and why when there is more to say. */
export const StatusCell = z.object({
  text: z.string(),
  tone: Tone,
  reason: z.string().optional(),
})
export type StatusCell = z.infer<typeof StatusCell>

/** Bricks: `r` ready, `w` waiting or starting, `f` failed, `d` done; upper case where it was restarted. */
export const Cell = z.union([z.string(), z.number(), z.null(), StatusCell])
export type Cell = z.infer<typeof Cell>

export const Row = z.object({
  /** Stays the same for as long as the object is in the view; means nothing elsewhere. */
  id: z.number().int(),
  /** Which of the query’s sources it is from. */
  source: z.number().int(),
  namespace: z.string().optional(),
  name: z.string(),
  uid: z.string(),
  /** Grows with each change of the object. */
  version: z.string(),
  tone: Tone,
  cells: z.array(Cell),
  labels: z.record(z.string(), z.string()).optional(),
})
export type Row = z.infer<typeof Row>

/** How far what is shown can be trusted, for each part of a view. Never `live` when it is not. */
export const Freshness = z.object({
  source: z.number().int(),
  /** Absent: the whole cluster. */
  namespace: z.string().optional(),
  status: z.enum(['loading', 'live', 'stale', 'relisting', 'forbidden', 'missing']),
  /** When it was last known to be right; absent while it is `live`, and where it never was. */
  since: z.number().optional(),
  /** Why it is not live, for people. */
  reason: z.string().optional(),
})
export type Freshness = z.infer<typeof Freshness>

/** What the client says on a views port. One port carries all views of a window. */
export const ViewAsk = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('open'), view: z.number().int(), query: ViewQuery }),
  /** Another question under the same number; an answer to the old one may still arrive before `revision` grows. */
  z.strictObject({ type: z.literal('change'), view: z.number().int(), query: ViewQuery }),
  z.strictObject({
    type: z.literal('window'),
    view: z.number().int(),
    offset: z.number().int().min(0),
    limit: z.number().int().min(0).max(500),
  }),
  z.strictObject({ type: z.literal('close'), view: z.number().int() }),
  /** Nobody looks: nothing is sent until the next `window`. */
  z.strictObject({ type: z.literal('pause'), view: z.number().int() }),
  /** An update was taken in; without it the next one waits. */
  z.strictObject({ type: z.literal('ack'), view: z.number().int(), revision: z.number().int() }),
])
export type ViewAsk = z.infer<typeof ViewAsk>

export const ViewUpdate = z.object({
  type: z.literal('update'),
  view: z.number().int(),
  /** Grows by one with each update of this view. */
  revision: z.number().int(),
  /** With the first update, and when the columns change. */
  columns: z.array(Column).optional(),
  /** Rows that fit the query. */
  total: z.number().int(),
  /** Rows before text, labels and statuses narrowed them; only what the person may see. */
  all: z.number().int(),
  /**
   * How many rows (before `statuses` and `tones` narrowed them) have each status, worst first. The tone is that of most of
   * them.
   */
  facets: z.array(z.object({ status: z.string(), tone: Tone, count: z.number().int() })),
  /** How many rows (before `statuses` and `tones` narrowed them) are how well; those that none has are absent. */
  tones: z.partialRecord(Tone, z.number().int()),
  /** Sums of the kind’s numeric columns over all that fit, by column id. */
  sums: z.record(z.string(), z.number()),
  offset: z.number().int(),
  /** Ids of the window’s rows in order; absent when it is as before. */
  order: z.array(z.number().int()).optional(),
  /** Rows of the window that are new or changed since the last update. */
  rows: z.array(Row),
  /** Sent when it changed. */
  freshness: z.array(Freshness).optional(),
})
export type ViewUpdate = z.infer<typeof ViewUpdate>

export const ViewAnswer = z.discriminatedUnion('type', [
  ViewUpdate,
  /** The view is closed: it was refused, or a right to it has ended. */
  z.object({ type: z.literal('failed'), view: z.number().int(), error: ErrorBody }),
])
export type ViewAnswer = z.infer<typeof ViewAnswer>
