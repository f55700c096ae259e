import { z } from 'zod'
import { readAs } from './cluster-answers.ts'
import { listOf } from './list-of.ts'
import type { Address, PlaceCaller } from './cluster-calls.ts'

export interface PageOptions {
  readonly query?: Readonly<Record<string, string>>
  /** Pages of 500; what is behind them is not read. */
  readonly most?: number
}

export interface Pages<T> {
  readonly items: T[]
  /** There are more than were read. */
  readonly truncated: boolean
}

/** Of one page, whatever limit it was asked for: some servers behind the cluster’s own know none. */
const mostItems = 20_000

/** Reads a list in pages, so that no answer is huge. */
export async function readPages<T extends z.ZodType>(
  place: PlaceCaller,
  kind: Omit<Address, 'name' | 'subresource'>,
  item: T,
  { query = {}, most = 20 }: PageOptions = {},
): Promise<Pages<z.output<T>>> {
  const List = z.object({
    metadata: z.object({ continue: z.string().default('') }).default({ continue: '' }),
    items: z.array(z.unknown()).max(mostItems).pipe(listOf(item)).default([]),
  })
  const items: z.output<T>[] = []
  let next = ''
  for (let page = 0; page < most; page += 1) {
    const { body } = await place.call({
      method: 'GET',
      ...kind,
      query: { ...query, limit: '500', ...(next && { continue: next }) },
    })
    const list = readAs(List, body, place.place)
    // Not as arguments: those are bounded by the stack.
    for (const it of list.items) items.push(it)
    next = list.metadata.continue
    if (next === '') return { items, truncated: false }
  }
  return { items, truncated: true }
}
