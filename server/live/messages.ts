import type { KindRef } from '../contract/place.ts'
import type { ErrorBody } from '../contract/errors.ts'
import type { Freshness, ViewQuery } from '../contract/views.ts'

/** Which rows of a feed a person may see, by their namespace. */
export type Allowed =
  | { readonly status: 'all'; readonly except: readonly string[] }
  | { readonly status: 'only'; readonly namespaces: readonly string[] }

/** What a view takes from one feed for one of its sources. */
export interface Part {
  readonly source: number
  readonly feed: number
  readonly allowed: Allowed
  /** For which namespaces the feed’s freshness is told; undefined is the whole cluster. */
  readonly told: readonly (string | undefined)[]
}

export interface Window {
  readonly offset: number
  readonly limit: number
}

/** What a view is made of, as the person’s rights are now. */
export interface Makeup {
  readonly parts: readonly Part[]
  /** What was asked for and is refused. */
  readonly refused: readonly Freshness[]
}

export type State = Omit<Freshness, 'source' | 'namespace'>

/** From the gateway’s main thread to the engine. No message carries a credential. */
export type ToEngine =
  | { readonly type: 'feed'; readonly feed: number; readonly kind: KindRef }
  | { readonly type: 'state'; readonly feed: number; readonly state: State }
  /** Its rows may no longer be shown: the cluster says so. */
  | { readonly type: 'clear'; readonly feed: number }
  | { readonly type: 'drop'; readonly feed: number }
  | {
      readonly type: 'start'
      readonly feed: number
      readonly reading: number
      readonly form: 'list' | 'watch'
      /** Begins a list: what it does not name by its end is gone. */
      readonly fresh: boolean
    }
  | {
      readonly type: 'bytes'
      readonly feed: number
      readonly reading: number
      readonly chunk: Uint8Array
    }
  | { readonly type: 'end'; readonly feed: number; readonly reading: number }
  | {
      readonly type: 'open'
      readonly port: number
      /** Who asks: what the views of one person take of the engine is counted together. */
      readonly payer: string
      readonly view: number
      /** Grows with each decision about the view’s rights; answers made under an older one are dropped. */
      readonly decision: number
      readonly query: ViewQuery
      readonly makeup: Makeup
    }
  | {
      readonly type: 'makeup'
      readonly port: number
      readonly view: number
      readonly decision: number
      readonly makeup: Makeup
    }
  | {
      readonly type: 'window'
      readonly port: number
      readonly view: number
      readonly window: Window
    }
  | { readonly type: 'pause'; readonly port: number; readonly view: number }
  | {
      readonly type: 'ack'
      readonly port: number
      readonly view: number
      readonly revision: number
    }
  | { readonly type: 'close'; readonly port: number; readonly view: number }
  /** All views of the port are closed. */
  | { readonly type: 'gone'; readonly port: number }

/** What the engine found in bytes that it worked off. */
export interface Report {
  readonly type: 'read'
  readonly feed: number
  readonly reading: number
  readonly bytes: number
  /** From where a watch may go on; absent while what was read is not whole. */
  readonly version?: string
  /** The initial events of a watch, or all pages of a list, are complete. */
  readonly whole?: boolean
  /** A page ended and others follow. */
  readonly next?: string
  /** The cluster ended the watch with an error. */
  readonly error?: { readonly code: number; readonly message: string }
  /** The bytes made no sense. */
  readonly failure?: string
  /** More rows than are kept. */
  readonly overflow?: boolean
}

export type FromEngine =
  | Report
  | {
      readonly type: 'say'
      readonly port: number
      readonly view: number
      readonly decision: number
      readonly json: string
    }
  | {
      readonly type: 'failed'
      readonly port: number
      readonly view: number
      readonly decision: number
      readonly error: ErrorBody
    }
