import type { ErrorBody } from '#gateway/errors.ts'
import type { Column, Freshness, Row, ViewQuery, ViewUpdate } from '#gateway/views.ts'

/** What is known of a view now. Never changed in place. */
export interface ViewState {
  readonly status: 'opening' | 'open' | 'failed'
  readonly columns: readonly Column[]
  readonly total: number
  readonly all: number
  readonly facets: ViewUpdate['facets']
  readonly tones: ViewUpdate['tones']
  readonly sums: Readonly<Record<string, number>>
  /** Which row the window begins with. */
  readonly offset: number
  /** Ids of the window’s rows. */
  readonly order: readonly number[]
  readonly rows: ReadonlyMap<number, Row>
  readonly freshness: readonly Freshness[]
  readonly error?: ErrorBody
}

export const emptyView: ViewState = {
  status: 'opening',
  columns: [],
  total: 0,
  all: 0,
  facets: [],
  tones: {},
  sums: {},
  offset: 0,
  order: [],
  rows: new Map(),
  freshness: [],
}

export function applyUpdate(state: ViewState, update: ViewUpdate): ViewState {
  const order = update.order ?? state.order
  const { columns, total, all, facets, tones, sums, offset, freshness } = update
  return {
    status: 'open',
    columns: columns ?? state.columns,
    total,
    all,
    facets,
    tones,
    sums,
    offset,
    order,
    rows: mergeRows(state.rows, update.rows, order),
    freshness: freshness ?? state.freshness,
  }
}

function mergeRows(old: ViewState['rows'], changed: readonly Row[], order: readonly number[]) {
  const fresh = new Map(changed.map((row) => [row.id, row]))
  const rows = new Map<number, Row>()
  for (const id of order) {
    const row = fresh.get(id) ?? old.get(id)
    if (row) rows.set(id, row)
  }
  return rows
}

/** Without a connection nothing is live, whatever was said last. */
export function asStale(state: ViewState, since: number): ViewState {
  const freshness = state.freshness.map((it): Freshness => {
    if (it.status === 'forbidden' || it.status === 'missing' || it.status === 'stale') return it
    // What was not yet whole was never right, and has no time at which it was.
    if (it.status === 'loading') return { ...it, status: 'stale' }
    return { ...it, status: 'stale', since: it.since ?? since }
  })
  return { ...state, freshness }
}

/** Whether something was never read as a whole: then its numbers are none, and nobody can say that nothing is there. */
export const isUnread = ({ status, since }: Freshness): boolean =>
  status === 'loading' || (status === 'stale' && since === undefined)

/** Whether something could not be read as often as it was tried, so that waiting alone may not help. */
export const isUnreadable = (it: Freshness): boolean => it.status === 'stale' && isUnread(it)

/** Whether two questions are about the same objects: then rows may stay until the answer comes. */
export const sameSubject = (a: ViewQuery, b: ViewQuery): boolean =>
  a.group === b.group &&
  a.version === b.version &&
  a.resource === b.resource &&
  JSON.stringify(a.sources) === JSON.stringify(b.sources)
