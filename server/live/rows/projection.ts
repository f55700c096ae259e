import type { Cell, Column } from '../../contract/views.ts'
import type { KindRef, Tone } from '../../contract/place.ts'

/** One object as a view shows it. Namespace and name are no cells: `name` and `namespace` never are column ids. */
export interface ProjectedRow {
  readonly uid: string
  readonly namespace: string | undefined
  readonly name: string
  readonly version: string
  readonly labels: Readonly<Record<string, string>> | undefined
  /** The uid of the object that controls it. */
  readonly owner: string | undefined
  readonly tone: Tone
  /** What facets count; empty where the kind has none. */
  readonly status: string
  /** Aligned with the columns. */
  readonly cells: readonly Cell[]
  /** Aligned with the projection’s sums; absent where those are empty. */
  readonly sums?: readonly number[]
}

/** What bytes from a cluster said. */
export type Item =
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly row: ProjectedRow }
  | { readonly type: 'bookmark'; readonly version: string; readonly initialEnd: boolean }
  /** The end of a list’s page. */
  | { readonly type: 'list'; readonly version: string; readonly continue: string | undefined }
  | {
      readonly type: 'error'
      readonly code: number
      readonly message: string
      readonly reason: string
    }
  /** Precedes the rows that have them; only of kinds that the cluster itself prints. */
  | { readonly type: 'columns'; readonly columns: readonly Column[] }

/** Takes bytes in as they come. After a ReadFailure it is of no further use. */
export interface ItemReader {
  push(chunk: Uint8Array): Item[]
  /** The bytes have ended; throws ReadFailure when they were cut. */
  end(): Item[]
}

/** How objects of one kind become rows. */
export interface Projection {
  /** Empty for kinds that the cluster prints, until a `columns` item. */
  readonly columns: readonly Column[]
  readonly sums: readonly string[]
  /** Accept of the list. */
  readonly accept: string
  /** Accept of the watch. */
  readonly acceptWatch: string
  listReader(): ItemReader
  watchReader(): ItemReader
}

export type Kind = Pick<KindRef, 'group' | 'version' | 'resource'>
