import type { ReactNode } from 'react'
import styles from './PlainTable.module.css'

export interface PlainColumn<T> {
  readonly id: string
  readonly title: string
  readonly cell: (item: T) => ReactNode
  /** Numbers and times line up at the right. */
  readonly align?: 'right'
  /** Takes the room that is left and may need several lines; other cells stay on one. */
  readonly wraps?: boolean
}

interface Props<T> {
  /** Names the table for a screen reader. */
  readonly label: string
  readonly columns: readonly PlainColumn<T>[]
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  /** Shown where there is nothing. */
  readonly empty: ReactNode
}

/** A short table whose rows are all drawn: administration, results, conditions. */
export function PlainTable<T>({ label, columns, items, keyOf, empty }: Props<T>) {
  if (items.length === 0) return <div className={styles['empty']}>{empty}</div>
  return (
    <div className={styles['scroll']} role="group" aria-label={label} tabIndex={0}>
      <table className={styles['table']} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ id, title, align, wraps }) =>
              title === '' ? (
                <td key={id} />
              ) : (
                <th key={id} scope="col" data-align={align} data-wraps={wraps}>
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map(({ id, cell, align, wraps }) => (
                <td key={id} data-align={align} data-wraps={wraps}>
                  {cell(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
