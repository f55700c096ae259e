import { useMemo } from 'react'
import type { Column } from '#gateway/views.ts'
import { setPrefs, usePrefs, type ColumnPrefs } from '../../app/prefs.ts'
import type { ListRoute } from '../../app/route.ts'
import { useKindIn } from '../../app/use-kinds.ts'
import { kindName } from '../../data/kinds.ts'
import { useTexts } from '../../texts/texts.ts'
import { listColumns, type ListColumn } from './columns.ts'

export interface ListColumns {
  readonly every: readonly ListColumn[]
  readonly shown: readonly ListColumn[]
  readonly byId: ReadonlyMap<string, ListColumn>
  readonly toggle: (id: string, shown: boolean) => void
  /** Without a width it is as it was at first. */
  readonly resize: (id: string, width?: number) => void
  /** As it is for everyone. */
  readonly reset: () => void
}

const untouched: ColumnPrefs = { shown: {}, widths: {} }

/** Who has given a column a width does not want it wider. */
function asWished(column: ListColumn, prefs: ColumnPrefs | undefined): ListColumn {
  if (prefs?.widths[column.id] === undefined) return column
  const { grows: _, ...rest } = column
  return rest
}

/** The columns of a kind as this person likes them. */
export function useColumns(
  { kind, places, namespaces }: ListRoute,
  columns: readonly Column[],
  measured: boolean,
): ListColumns {
  const t = useTexts('list')
  const name = kindName(kind)
  const prefs = usePrefs((it) => it.columns[name])
  const served = useKindIn(places, kind)
  const namespaced = served?.namespaced !== false
  const severalClusters = places.length > 1
  const oneNamespace = namespaces?.length === 1
  const every = useMemo(() => {
    const titles = {
      name: t('column.name'),
      cluster: t('column.cluster'),
      namespace: t('column.namespace'),
      labels: t('column.labels'),
      cpuUsage: t('column.cpuUsage'),
      memoryUsage: t('column.memoryUsage'),
    }
    const context = { severalClusters, namespaced, oneNamespace, measured, titles, prefs }
    return listColumns(columns, context).map((it) => asWished(it, prefs))
  }, [columns, severalClusters, namespaced, oneNamespace, measured, prefs, t])
  const shown = useMemo(() => every.filter((it) => it.shown), [every])
  const byId = useMemo(() => new Map(every.map((it) => [it.id, it])), [every])
  const change = (next: ColumnPrefs) => {
    setPrefs({ columns: { ...usePrefs.getState().columns, [name]: next } })
  }
  const before = prefs ?? untouched
  return {
    every,
    shown,
    byId,
    toggle: (id, on) => {
      change({ ...before, shown: { ...before.shown, [id]: on } })
    },
    resize: (id, width) => {
      const { [id]: _, ...others } = before.widths
      change({ ...before, widths: width === undefined ? others : { ...others, [id]: width } })
    },
    reset: () => {
      change(untouched)
    },
  }
}
