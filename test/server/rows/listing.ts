import type { Cell, Freshness, Row, ViewUpdate } from '#gateway/views.ts'
import type { Place } from '#gateway/place.ts'
import { openStream } from '../../support/stream-client.ts'
import type { TestGateway } from '../../support/gateway.ts'

/** What a list is asked for. */
export interface Listed {
  readonly group?: string
  readonly version?: string
  readonly resource: string
  readonly namespaces?: readonly string[]
  readonly labels?: string
  readonly sort?: readonly { readonly column: string; readonly descending: boolean }[]
}

interface Listing {
  readonly total: number
  readonly all: number
  readonly freshness: readonly Freshness[]
  readonly rows: readonly ListedRow[]
  /** Everything that was said, as it travelled. */
  readonly text: string
}

/** A row with its cells by the ids of their columns. */
type ListedRow = Omit<Row, 'cells'> & { readonly cells: Readonly<Record<string, Cell>> }

/** Reads one list as a window does, by a stream through the gateway, until it is live and fits. */
export async function list(
  gateway: TestGateway,
  { token, place }: { readonly token: string; readonly place: Place },
  asked: Listed,
  fits: (listing: Listing) => boolean = () => true,
): Promise<Listing> {
  const { address, caPem } = gateway
  const headers = { authorization: `Bearer ${token}` }
  const stream = await openStream({ address, caPem, headers, name: 'views' }, {})
  const query = { group: '', version: 'v1', sources: [place], offset: 0, limit: 500, ...asked }
  try {
    await stream.said('opened')
    stream.onMessage = (it) => {
      if (it.type === 'update') stream.send({ type: 'ack', view: 1, revision: it['revision'] })
    }
    stream.send({ type: 'open', view: 1, query: { sort: [], ...query } })
    return await stream.until(`a list of ${asked.resource}`, () => {
      const failed = stream.messages.find((it) => it.type === 'failed')
      if (failed) throw new Error(`${asked.resource}: ${JSON.stringify(failed)}`)
      const updates = stream.messages.filter((it) => it.type === 'update')
      const listing = listingOf(updates as unknown as ViewUpdate[])
      const settled = listing?.freshness.every((it) => it.status !== 'loading')
      return listing && settled && fits(listing) ? listing : undefined
    })
  } finally {
    stream.close()
  }
}

function listingOf(updates: readonly ViewUpdate[]): Listing | undefined {
  const last = updates.at(-1)
  if (!last) return undefined
  const columns = updates.findLast((it) => it.columns)?.columns ?? []
  const order = updates.findLast((it) => it.order)?.order ?? []
  const rows = new Map(updates.flatMap((it) => it.rows).map((it) => [it.id, it]))
  return {
    total: last.total,
    all: last.all,
    freshness: updates.findLast((it) => it.freshness)?.freshness ?? [],
    rows: order.flatMap((id) => {
      const row = rows.get(id)
      if (!row) return []
      const cells = columns.map(({ id: column }, at) => [column, row.cells[at] ?? null] as const)
      return [{ ...row, cells: Object.fromEntries(cells) }]
    }),
    text: JSON.stringify(updates),
  }
}
