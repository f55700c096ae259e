import type { ErrorBody } from '#gateway/errors.ts'
import { StreamControl } from '#gateway/streams.ts'

export interface StreamLink {
  send(message: unknown): void
  sendBytes(bytes: Uint8Array): void
  close(): void
}

export interface StreamEars {
  opened?(): void
  /** Anything came, be it only a sign that the other end is there. */
  heard?(): void
  message(message: unknown): void
  bytes?(bytes: Uint8Array): void
  /**
   * Once, whoever ended it. With an error when the gateway refused it; a reason is for people. `returns` when
   * the gateway restarts, so that the same may be asked for again.
   */
  closed(reason: string | undefined, error?: ErrorBody, returns?: boolean): void
}

/** Hands each message of a stream to the right ear, and makes sure that it ends once. */
export function listenOnce(ears: StreamEars) {
  let over = false
  const end = (...why: Parameters<StreamEars['closed']>) => {
    if (over) return
    over = true
    ears.closed(...why)
  }
  const text = (json: string) => {
    if (over) return
    ears.heard?.()
    const message = JSON.parse(json) as unknown
    const control = isControl(message) ? StreamControl.parse(message) : undefined
    if (!control) return ears.message(message)
    if (control.type === 'beat') return undefined
    if (control.type === 'opened') return ears.opened?.()
    if (control.type === 'failed') return end(control.error.message, control.error)
    end(control.reason, undefined, control.returns)
  }
  return { end, text, bytes: (bytes: Uint8Array) => (over ? undefined : ears.bytes?.(bytes)) }
}

const controls = new Set<unknown>(['opened', 'failed', 'closed', 'beat'])

/** `failed` of a single view names the view; that of the stream names nothing. */
const isControl = (message: unknown): boolean => {
  const { type, view } = Object(message) as { type?: unknown; view?: unknown }
  return view === undefined && controls.has(type)
}
