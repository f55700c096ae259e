import { useCallback, useMemo } from 'react'
import type { Row, ViewQuery } from '#gateway/views.ts'
import type { ListRoute } from '../../app/route.ts'
import { useView, type ViewHandle, type ViewState } from '../../data/views.ts'

/** How many rows are held around those that are seen. */
const margin = { ask: 60, keep: 150, most: 500, first: 120 }

function viewQueryOf(route: ListRoute): ViewQuery {
  const { places, kind, namespaces, text, labels, statuses, owner, sort } = route
  return {
    sources: [...places],
    ...kind,
    ...(namespaces && { namespaces: [...namespaces] }),
    ...(text && { text }),
    ...(labels && { labels }),
    ...(statuses && { statuses: [...statuses] }),
    ...(owner && { owner }),
    sort: (sort ?? []).map((it) => ({ ...it })),
    offset: 0,
    limit: margin.first,
  }
}

export interface ListView extends ViewState, ViewHandle {
  readonly rowAt: (index: number) => Row | undefined
  /** Which rows are seen: others are asked for before they are needed. */
  readonly onRange: (first: number, last: number) => void
}

/** The rows of a list, as far as they are near what is seen. */
export function useListView(route: ListRoute): ListView {
  const key = JSON.stringify(viewQueryOf(route))
  const query = useMemo(() => JSON.parse(key) as ViewQuery, [key])
  const view = useView(query)
  const { offset, order, rows, total, window } = view
  const rowAt = useCallback(
    (index: number) => {
      const id = order[index - offset]
      return id === undefined ? undefined : rows.get(id)
    },
    [order, rows, offset],
  )
  const end = offset + order.length
  const onRange = useCallback(
    (first: number, last: number) => {
      const wanted = {
        from: Math.max(0, first - margin.ask),
        to: Math.min(total, last + margin.ask),
      }
      if (total === 0 || (wanted.from >= offset && wanted.to <= end)) return
      const from = Math.max(0, first - margin.keep)
      window(from, Math.min(margin.most, last - from + margin.keep))
    },
    [window, offset, end, total],
  )
  return { ...view, rowAt, onRange }
}
