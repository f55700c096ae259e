import type { LogsDown } from '#gateway/streams.ts'
import type { Query } from './matcher.ts'
import type { Ruler } from './ruler.ts'
import type { Span } from './spans.ts'
import type { LineKind } from './store.ts'

/** A container whose lines are shown, numbered in the order of appearance. */
export interface Source {
  readonly pod: string
  readonly container: string
  readonly status: 'open' | 'ended' | 'failed'
  readonly reason?: string
  readonly lines: number
}

/** A stretch that was lost, or found again. */
export interface Gap {
  readonly from: string
  readonly to: string
  readonly whole: boolean
  /** How many lines were fetched afterwards, where it was counted. */
  readonly recovered?: number
}

export interface LogRow {
  readonly index: number
  readonly id: number
  readonly kind: LineKind
  readonly source: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** As the cluster wrote it. */
  readonly time: string
  readonly level: number
  /** Shown only because it stands near a line that fits. */
  readonly context: boolean
  /** Lines between this row and the one before it are not shown. */
  readonly apart: boolean
  readonly spans: readonly Span[]
  readonly fields?: readonly (readonly [name: string, value: string])[]
  /** The whole of it over several lines, when it is opened up. */
  readonly whole?: string
  /** Letters that are not in `spans`. */
  readonly cut?: number
  readonly gap?: Gap
}

export interface FilterAsk {
  readonly query: Query | undefined
  readonly invert: boolean
  readonly context: number
  readonly level: number
  readonly hidden: readonly number[]
}

export interface WindowAsk {
  /** `end`: always the newest rows. */
  readonly from: number | 'end'
  readonly count: number
  readonly fold: boolean
  /** Ids of rows that are opened up. */
  readonly opened: readonly number[]
}

/** What the pane says to the worker that keeps the lines. */
export type DeskAsk =
  | { readonly type: 'down'; readonly message: LogsDown }
  /** Another stream carries on: its numbers are new, and its first lines may be known already. */
  | { readonly type: 'resumed' }
  | { readonly type: 'filter'; readonly filter: FilterAsk }
  | { readonly type: 'window'; readonly window: WindowAsk }
  | { readonly type: 'search'; readonly query: Query | undefined }
  /** The next hit before or after a row. */
  | { readonly type: 'step'; readonly from: number; readonly forwards: boolean }
  /** The first row from a time on, in milliseconds since 1970. */
  | { readonly type: 'seek'; readonly at: number }
  | { readonly type: 'part'; readonly part: PartAsk }
  /** Whether it still answers. */
  | { readonly type: 'ping' }

/** Asks for text to be saved, a piece at a time. */
export interface PartAsk {
  readonly what: 'all' | 'shown'
  readonly from: number
  readonly times: boolean
}

export interface DeskState {
  /** Grows when row indices mean other lines than before. */
  readonly epoch: number
  /** Rows that are shown: from `start` up to `end`. */
  readonly start: number
  readonly end: number
  /** Lines that are kept, and that had to go. */
  readonly lines: number
  readonly dropped: number
  /** Lines that came in the last second. */
  readonly rate: number
  /** The earliest time, in milliseconds since 1970, up to which a source that was heard last has come. */
  readonly reached?: number
  /** How many rows there are when; absent where none has a time. */
  readonly ruler?: Ruler
  readonly sources: readonly Source[]
  readonly filterReason?: string
  readonly search?: { readonly hits: number; readonly reason?: string }
  readonly ended: boolean
}

export type DeskAnswer =
  | { readonly type: 'taken'; readonly count: number }
  | { readonly type: 'update'; readonly state: DeskState; readonly rows?: readonly LogRow[] }
  | { readonly type: 'found'; readonly index: number | undefined; readonly nth: number }
  | { readonly type: 'sought'; readonly index: number | undefined }
  | { readonly type: 'part'; readonly text: string; readonly next: number | undefined }
  | { readonly type: 'pong' }
