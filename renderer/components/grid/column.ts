export interface GridColumn {
  readonly id: string
  readonly title: string
  /** In pixels. */
  readonly width: number
  readonly align?: 'right'
  readonly sortable?: boolean
  /** Its part of what is left of the width. */
  readonly grows?: number
}

export interface GridSort {
  readonly column: string
  readonly descending: boolean
}

/** Columns of each row as CSS grid tracks, between the tick box and the menu. */
export const tracksOf = (columns: readonly GridColumn[]): string =>
  [
    '30px',
    ...columns.map(({ width, grows }) =>
      grows ? `minmax(${String(width)}px, ${String(grows)}fr)` : `${String(width)}px`,
    ),
    '32px',
  ].join(' ')

export const widthOf = (columns: readonly GridColumn[]): number =>
  columns.reduce((sum, it) => sum + it.width, 62)

/** A click sorts by that column alone, a second one turns it round; shift adds to what is there. */
export function nextSort(
  sort: readonly GridSort[],
  column: string,
  add: boolean,
): readonly GridSort[] {
  const before = sort.find((it) => it.column === column)
  const others = add ? sort.filter((it) => it.column !== column) : []
  if (before?.descending) return others
  return [...others, { column, descending: before !== undefined }].slice(-4)
}
