import { z } from 'zod'
import { readAs } from './cluster-answers.ts'
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

/** Reads a list in pages, so that no answer is huge. */
export async function readPages<T extends z.ZodType>(
  place: PlaceCaller,
  kind: Omit<Address, 'name' | 'subresource'>,
  item: T,
  { query = {}, most = 20 }: PageOptions = {},
): Promise<Pages<z.output<T>>> {
  const List = z.object({
    metadata: z.object({ continue: z.string().default('') }).default({ continue: '' }),
    items: z.array(item).default([]),
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
    items.push(...list.items)
    next = list.metadata.continue
    if (next === '') return { items, truncated: false }
  }
  return { items, truncated: true }
}
