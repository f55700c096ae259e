import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { z } from 'zod'
import type { metrics, Usage } from '#gateway/metrics.ts'
import type { Column, Row } from '#gateway/views.ts'
import { hrefOf, type ListRoute } from '../../app/route.ts'
import { kindName } from '../../data/kinds.ts'
import { nodeUsageOf, podUsageOf } from '../../data/metrics.ts'
import type { ViewState } from '../../data/views.ts'
import type { RowUsage } from './ListCell.tsx'

interface Usages {
  /** False where nothing measures: then there is no column for it. */
  readonly measured: boolean
  readonly of: (row: Row) => RowUsage | undefined
}

/** What the rows that are seen use now. */
export function useUsage(
  route: ListRoute,
  { columns, rows: held, order, offset }: ViewState,
): Usages {
  const kind = kindName(route.kind)
  const rows = order.flatMap((id) => held.get(id) ?? [])
  const seen = useSteady(rows, `${hrefOf(route)} ${String(offset)}`)
  const pods = useQueries({
    queries: route.places.map((place, source) => podUsageOf(place, podsOf(kind, seen, source))),
    combine: tablesOf,
  })
  const nodes = useQueries({
    queries: kind === 'nodes' ? route.places.map((it) => nodeUsageOf(it)) : [],
    combine: tablesOf,
  })
  const tables = kind === 'nodes' ? nodes : pods
  return useMemo(() => {
    const limits = limitsOf(kind, columns)
    return {
      measured: tables.some((it) => it !== undefined),
      of: (row: Row) => {
        const usage = tables[row.source]?.get(keyOf(row.namespace, row.name))
        return usage && usageOf(usage, limits(row))
      },
    }
  }, [kind, columns, tables])
}

type Answer = z.output<typeof metrics.nodes.output>

/** One table for each place, by the names of what was measured. */
const tablesOf = (answers: readonly UseQueryResult<Answer>[]) =>
  answers.map(({ data }) =>
    data?.status === 'measured'
      ? new Map(data.items.map((it) => [keyOf(it.namespace, it.name), it]))
      : undefined,
  )

function usageOf({ cpu, memory }: Usage, most: { cpu: number; memory: number }): RowUsage {
  return {
    cpu,
    memory,
    ...(most.cpu > 0 && { cpuShare: cpu / most.cpu }),
    ...(most.memory > 0 && { memoryShare: memory / most.memory }),
  }
}

/** Asked for anew when other rows are seen, else no oftener than it is measured. */
function useSteady(rows: readonly Row[], key: string): readonly Row[] {
  const held = useRef<{ key: string; at: number; rows: readonly Row[] }>(undefined)
  const { current } = held
  const old = !current || current.key !== key || Date.now() - current.at > 15_000
  if (old || current.rows.length === 0) held.current = { key, at: Date.now(), rows }
  return held.current?.rows ?? rows
}

const podsOf = (kind: string, rows: readonly Row[], source: number) =>
  kind === 'pods'
    ? rows
        .filter((it) => it.source === source)
        // For a moment the rows may still be those of another kind.
        .flatMap(({ namespace, name }) => (namespace === undefined ? [] : [{ namespace, name }]))
        .slice(0, 500)
    : []

const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`

/** What a bar is measured against: limits, else requests; of a node, what is there for pods. */
function limitsOf(kind: string, columns: readonly Column[]) {
  const value = (row: Row, ...ids: string[]) => {
    for (const id of ids) {
      const cell = row.cells[columns.findIndex((it) => it.id === id)]
      if (typeof cell === 'number' && cell > 0) return cell
    }
    return 0
  }
  return (row: Row) =>
    kind === 'nodes'
      ? {
          cpu: value(row, 'cpuAllocatable', 'cpu'),
          memory: value(row, 'memoryAllocatable', 'memory'),
        }
      : {
          cpu: value(row, 'cpuLimits', 'cpuRequests'),
          memory: value(row, 'memoryLimits', 'memoryRequests'),
        }
}
