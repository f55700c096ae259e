import type { Cell, Column, ColumnType, StatusCell } from '../../contract/views.ts'
import type { Fields, Shape } from './fields/table.ts'
import { compile, type Message } from './message.ts'

/** What a kind shows, from protobuf or from JSON alike. */
export interface Model {
  readonly message: Message
  readonly columns: readonly Column[]
  readonly sums: readonly string[]
  project(object: object): Projected
}

export interface Projected {
  /** Absent where the kind has no status. */
  readonly status: StatusCell | undefined
  readonly cells: Cell[]
  readonly sums: readonly number[]
}

interface Shown<T> extends Column {
  /** The column shows the status. */
  readonly isStatus?: true
  readonly of: (object: T) => Cell
}

/** A column and where its value comes from. */
export const column = <T>(
  id: string,
  title: string,
  type: ColumnType,
  of: (object: T) => Cell | undefined,
): Shown<T> => ({ id, title, type, of: (it) => of(it) ?? null })

export const extra = <T>(
  id: string,
  title: string,
  type: ColumnType,
  of: (object: T) => Cell | undefined,
): Shown<T> => ({ ...column(id, title, type, of), extra: true })

/** The latest comes first unless something else is asked for. */
export const latestFirst = <T>(shown: Shown<T>): Shown<T> => ({ ...shown, order: 'descending' })

/** Where the status stands among the columns. */
export const statusColumn = (title = 'Status'): Shown<unknown> => ({
  id: 'status',
  title,
  type: 'status',
  isStatus: true,
  of: () => null,
})

interface Plan<T> {
  readonly status?: (object: T) => StatusCell
  readonly columns: readonly Shown<T>[]
  /** Numbers that are summed over a view, by id; `''` and null count as nothing. */
  readonly sums?: Readonly<Record<string, (object: T) => number | undefined>>
}

/** A kind whose columns each know their own value. */
export function model<const F extends Fields>(fields: F, plan: Plan<Shape<F>>): Model {
  const { status, columns, sums = {} } = plan
  const summed = Object.values(sums)
  return {
    message: compile(fields),
    columns: columns.map(withoutSource),
    sums: Object.keys(sums),
    project(object) {
      const it = object as Shape<F>
      const state = status?.(it)
      return {
        status: state,
        cells: columns.map((column) => (column.isStatus ? (state ?? null) : column.of(it))),
        sums: summed.map((sum) => sum(it) ?? 0),
      }
    },
  }
}

const withoutSource = ({ id, title, type, extra, order }: Column): Column => ({
  id,
  title,
  type,
  ...(extra && { extra }),
  ...(order && { order }),
})
