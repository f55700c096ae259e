/** Whoever reached the gateway, known or not. */
export interface Visitor {
  /** The peer’s IP address. */
  readonly source: string
  /** Also the id of the audit records of this attempt. */
  readonly requestId: string
  readonly userAgent: string
}

/** A signed-in person on one device. */
export interface Actor extends Visitor {
  readonly personId: string
  readonly name: string
  readonly admin: boolean
  readonly sessionId: string
}
