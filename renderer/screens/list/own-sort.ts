import type { Column } from '#gateway/views.ts'
import type { GridSort } from '../../components/grid/column.ts'

/** The order that rows come in when none is asked for. */
export const ownSortOf = (columns: readonly Column[]): readonly GridSort[] =>
  columns.flatMap(({ id, order }) =>
    order ? [{ column: id, descending: order === 'descending' }] : [],
  )

/** What is asked for after a click: an order of one’s own comes to its end, that of the rows themselves is turned round. */
export function sortAfter(
  clicked: readonly GridSort[],
  { before, own }: { before: readonly GridSort[] | undefined; own: readonly GridSort[] },
): readonly GridSort[] {
  if (clicked.length > 0 || before) return clicked
  return own.map(({ column, descending }) => ({ column, descending: !descending }))
}
