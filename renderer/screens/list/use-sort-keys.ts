import { useCommands } from '../../app/commands.ts'
import { currentRoute, go, type ListRoute } from '../../app/route.ts'
import { nextSort, type GridSort } from '../../components/grid/column.ts'
import { useTexts } from '../../texts/texts.ts'
import type { ListColumn } from './columns.ts'

/** As in k9s, where the letter is free: Shift+S scales. */
const keys: Readonly<Record<string, string>> = {
  name: 'shift+n',
  namespace: 'shift+p',
  age: 'shift+a',
  ready: 'shift+r',
  restarts: 'shift+t',
  node: 'shift+o',
  ip: 'shift+i',
}

/** The address under another order. */
function sorted(route: ListRoute, sort: readonly GridSort[]): ListRoute {
  const { sort: _, ...rest } = route
  return sort.length === 0 ? rest : { ...rest, sort }
}

/** Sorting from the palette and by keys; once more turns it round, a third time ends it. */
export function useSortKeys(columns: readonly ListColumn[]): void {
  const t = useTexts('list')
  const section = t('keys')
  useCommands(
    columns
      .filter((it) => it.sortable)
      .map(({ id, title }) => {
        const key = keys[id]
        return {
          id: `sort-${id}`,
          title: t('sortBy', { title }),
          section,
          ...(key && { keys: key }),
          run: () => {
            const route = currentRoute()
            if (route.screen !== 'list') return
            go(sorted(route, nextSort(route.sort ?? [], id, false)), 'replace')
          },
        }
      }),
  )
}
