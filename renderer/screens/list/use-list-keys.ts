import { useCommands, type Command } from '../../app/commands.ts'
import { go, type ListRoute } from '../../app/route.ts'
import { usePrefs } from '../../app/prefs.ts'
import { filtered, filterLine } from '../../app/filter-text.ts'
import type { MenuPoint } from '../../components/grid/GridRow.tsx'
import { useTexts } from '../../texts/texts.ts'
import type { ListFocus } from './use-list-focus.ts'
import type { Selection } from './use-selection.ts'

interface ListKeys {
  readonly route: ListRoute
  readonly focus: ListFocus
  readonly selection: Selection
  readonly open: (index: number, tab?: string) => void
  readonly openMenu: (at: MenuPoint) => void
}

/** A list by keyboard, as in k9s. While something is open beside it, moving shows the next one. */
export function useListKeys(keys: ListKeys): void {
  const { route, focus, selection, open } = keys
  const t = useTexts('list')
  const section = t('keys')
  const pinned = usePrefs((it) => it.drawerPinned)
  const move = (by: number) => {
    const next = focus.index + by
    if (route.open && !pinned) open(next)
    else focus.set(next)
  }
  const quiet = (id: string, names: readonly string[], title: string, run: () => void): Command[] =>
    names.map((key) => ({ id: `${id}-${key}`, title, keys: key, section, quiet: true, run }))
  useCommands([
    ...quiet('down', ['j', 'arrowdown'], t('down'), () => {
      move(1)
    }),
    ...quiet('up', ['k', 'arrowup'], t('up'), () => {
      move(-1)
    }),
    ...quiet('page-down', ['pagedown'], t('pageDown'), () => {
      move(20)
    }),
    ...quiet('page-up', ['pageup'], t('pageUp'), () => {
      move(-20)
    }),
    ...quiet('first', ['home'], t('first'), () => {
      move(-1e9)
    }),
    ...quiet('last', ['end'], t('last'), () => {
      move(1e9)
    }),
    ...quiet('open', ['enter', 'd'], t('open'), () => {
      open(focus.index)
    }),
    ...quiet('yaml', ['y'], t('yaml'), () => {
      open(focus.index, 'yaml')
    }),
    ...quiet('select', ['space'], t('selectOne'), () => {
      selection.toggle(focus.index)
    }),
    ...quiet('range-down', ['shift+arrowdown'], t('selectRange'), () => {
      selection.range(focus.index + 1)
      focus.set(focus.index + 1)
    }),
    ...quiet('range-up', ['shift+arrowup'], t('selectRange'), () => {
      selection.range(focus.index - 1)
      focus.set(focus.index - 1)
    }),
    ...quiet('menu', ['shift+f10', 'contextmenu', 'm'], t('menu'), () => {
      keys.openMenu(pointOf(focus.index))
    }),
    ...quiet('back', ['escape'], t('back'), () => {
      back(route, selection)
    }),
  ])
}

/** One step at a time: what is open, what is ticked, what is filtered. */
function back(route: ListRoute, selection: Selection) {
  const { open, tab: _, full: __, ...list } = route
  if (open) go(list)
  else if (selection.rows.size > 0) selection.clear()
  else if (filterLine(route) !== '') go(filtered(route, {}))
}

function pointOf(index: number): MenuPoint {
  const box = document.querySelector(`#grid-row-${String(index)}`)?.getBoundingClientRect()
  return { x: (box?.left ?? 0) + 40, y: box?.bottom ?? 0 }
}
