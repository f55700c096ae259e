import { useCallback, useMemo, useState } from 'react'
import type { Cell, Row } from '#gateway/views.ts'
import { useActionCommands, useActions } from '../../app/actions/use-actions.ts'
import { placeText } from '../../app/route-text.ts'
import { currentRoute, go, type ListRoute } from '../../app/route.ts'
import { openOf, refOf, sameOpen } from '../../app/rows.ts'
import { usePrefs, type Density } from '../../app/prefs.ts'
import { Grid } from '../../components/grid/Grid.tsx'
import type { MenuPoint } from '../../components/grid/GridRow.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { staleRows } from '../../data/stale-places.ts'
import { useTexts } from '../../texts/texts.ts'
import { BulkBar } from './BulkBar.tsx'
import { FreshnessBar } from './FreshnessBar.tsx'
import { ListCell } from './ListCell.tsx'
import { ListEmpty } from './ListEmpty.tsx'
import { ListToolbar } from './ListToolbar.tsx'
import { ownSortOf, sortAfter } from './own-sort.ts'
import { RowMenu } from './RowMenu.tsx'
import { useColumns } from './use-columns.ts'
import { useListFocus } from './use-list-focus.ts'
import { useListKeys } from './use-list-keys.ts'
import { useListView } from './use-list-view.ts'
import { useSelection } from './use-selection.ts'
import { useSortKeys } from './use-sort-keys.ts'
import { useUsage } from './use-usage.ts'
import styles from './list.module.css'

const rowHeights: Readonly<Record<Density, number>> = { compact: 24, normal: 28, roomy: 34 }

/** One kind of object in one or more places, live. */
export function ListScreen({ route }: { route: ListRoute }) {
  const t = useTexts('list')
  const view = useListView(route)
  const { rowAt, total, offset, order } = view
  const usage = useUsage(route, view)
  const columns = useColumns(route, view.columns, usage.measured)
  useSortKeys(columns.shown)
  const ownSort = useMemo(() => ownSortOf(view.columns), [view.columns])
  const isOpened = (row: Row) => sameOpen(route.open, openOf(row, route))
  const focus = useListFocus(
    rowAt,
    total,
    { offset, length: order.length },
    { key: route.open && JSON.stringify(route.open), is: isOpened },
  )
  const selection = useSelection(rowAt)
  const [menu, setMenu] = useState<MenuPoint>()
  const density = usePrefs((it) => it.density)

  const picked =
    selection.rows.size > 0 ? [...selection.rows.values()] : focus.row ? [focus.row] : []
  const known = picked.filter((it) => refOf(it, route) !== undefined)
  const targets = known.flatMap((it) => refOf(it, route) ?? [])
  const uids = known.map((it) => it.uid)
  const actions = useActions(targets, { halting: haltingOf(picked), uids })
  useActionCommands(actions, t('keysActions'))

  const open = (index: number, tab?: string) => {
    focus.set(index)
    const row = rowAt(index)
    if (row) openRow(row, tab)
  }
  useListKeys({ route, focus, selection, open, openMenu: setMenu })
  const pinned = usePrefs((it) => it.drawerPinned)
  // What is pinned stays; a key still opens the row.
  const press = pinned && route.open ? focus.set : open
  const rowActions = useRowActions({ open: press, focus, selection, menu: setMenu })

  const isStale = useMemo(() => staleRows(view.freshness), [view.freshness])
  const cell = useCallback(
    (row: Row, id: string) => {
      const column = columns.byId.get(id)
      if (!column) return undefined
      const drawn = (
        <ListCell
          row={row}
          column={column}
          cluster={clusterOf(row, route)}
          usage={usage.of(row)}
          onNamespace={onlyNamespace}
        />
      )
      if (!isStale(row)) return drawn
      return (
        <span className={styles['stale']}>
          {id === 'name' && <StatusMark tone="warning" label={t('rowStale')} />}
          {drawn}
        </span>
      )
    },
    [columns.byId, route, usage, isStale, t],
  )
  const texts = useMemo(
    () => ({
      selectAll: t('selectAll'),
      resize: (title: string) => t('resize', { title }),
      actions: t('menu'),
      select: (row: Row) => t('select', { name: row.name }),
      menu: (row: Row) => t('menuOf', { name: row.name }),
    }),
    [t],
  )
  const ticked = selection.rows.size === 0 ? 'none' : selection.rows.size >= total ? 'all' : 'some'
  return (
    <div className={styles['screen']}>
      <ListToolbar route={route} view={view} columns={columns} />
      <FreshnessBar freshness={view.freshness} route={route} />
      <div className={styles['body']}>
        <ListEmpty route={route} view={view} />
        <Grid
          label={t('listOf', { kind: route.kind.resource })}
          texts={texts}
          columns={columns.shown}
          sort={route.sort ?? ownSort}
          count={view.status === 'opening' ? 12 : total}
          rowAt={rowAt}
          keyOf={keyOf}
          cell={cell}
          rowHeight={rowHeights[density]}
          focused={focus.index}
          isTicked={selection.has}
          isShown={isOpened}
          ticked={ticked}
          actions={rowActions}
          onTickAll={() => {
            if (ticked === 'none') selection.all([...view.rows.values()])
            else selection.clear()
          }}
          onSort={(clicked) => {
            const { sort: before, ...rest } = route
            const sort = sortAfter(clicked, { before, own: ownSort })
            go(sort.length === 0 ? rest : { ...rest, sort }, 'replace')
          }}
          onWidth={columns.resize}
          onRange={view.onRange}
        />
      </div>
      <BulkBar selection={selection} actions={actions} />
      {menu && (
        <RowMenu
          at={menu}
          actions={actions}
          onOpen={(tab) => {
            open(focus.index, tab)
          }}
          onClose={() => {
            setMenu(undefined)
          }}
        />
      )}
    </div>
  )
}

/** What rows tell of it; nothing when they differ. */
function haltingOf(rows: readonly Row[]): 'running' | 'halted' | undefined {
  const states = new Set(
    rows.map(({ cells }) => cells.some(isHalted)).map((it) => (it ? 'halted' : 'running')),
  )
  const [only] = states
  return states.size === 1 ? only : undefined
}

const isHalted = (cell: Cell) =>
  cell !== null && typeof cell === 'object' && /^Suspended$|SchedulingDisabled/.test(cell.text)

const keyOf = (row: Row) => String(row.id)

const clusterOf = (row: Row, { places }: ListRoute) => {
  const place = places[row.source]
  return place ? placeText(place) : ''
}

/** The address is read when it is needed: the row that is clicked may be older than the route. */
function openRow(row: Row, tab?: string) {
  const route = currentRoute()
  if (route.screen !== 'list') return
  const open = openOf(row, route)
  const { tab: before, ...rest } = route
  const next = tab ?? before
  go({ ...rest, open, ...(next && { tab: next }) }, route.open ? 'replace' : 'push')
}

function onlyNamespace(namespace: string) {
  const route = currentRoute()
  if (route.screen !== 'list') return
  const { open: _, ...rest } = route
  go({ ...rest, namespaces: [namespace] })
}

interface RowHandlers {
  readonly open: (index: number) => void
  readonly focus: { readonly set: (index: number) => void }
  readonly selection: {
    readonly toggle: (index: number) => void
    readonly range: (index: number) => void
  }
  readonly menu: (at: MenuPoint) => void
}

/** Always the same functions, whatever they now lead to: so rows need not be drawn again. */
function useRowActions(handlers: RowHandlers) {
  const [box] = useState(() => ({ now: handlers }))
  box.now = handlers
  return useMemo(
    () => ({
      open: (index: number) => {
        box.now.open(index)
      },
      focus: (index: number) => {
        box.now.focus.set(index)
      },
      tick: (index: number, range: boolean) => {
        if (range) box.now.selection.range(index)
        else box.now.selection.toggle(index)
      },
      menu: (index: number, at: MenuPoint) => {
        box.now.focus.set(index)
        box.now.menu(at)
      },
    }),
    [box],
  )
}
