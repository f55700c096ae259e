import type { Identity } from '../access/index.ts'
import type { Attempt } from '../audit/index.ts'

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
  /** What an Access is made for. */
  readonly identity: Identity
}

/** What an operation tells its audit record of what it asks of a cluster. */
export type About = Pick<
  Attempt,
  | 'cluster'
  | 'profile'
  | 'grants'
  | 'verb'
  | 'group'
  | 'resource'
  | 'subresource'
  | 'namespace'
  | 'name'
  | 'detail'
>

/** How a change that was announced ended. */
export type Ended = Pick<Attempt, 'result' | 'status' | 'reason'>

/** A person whose operation asks something of a cluster. */
export interface ClusterActor extends Actor {
  /** Adds to the record of this operation; what is said later wins. */
  about(fields: About): void
  /**
   * Records a change before it travels, under an id of its own. Rejects when it cannot be recorded, and then
   * nothing may travel.
   */
  announce(fields: About): Promise<Announced>
  /** Records at once what was refused, of an operation that may go on with other things. */
  refused(fields: About, error: Error): Promise<void>
}

export interface Announced {
  /** Sent to the cluster, so that its own audit log names the same attempt. */
  readonly id: string
  /** With the error that the operation may end with, it is not told twice. */
  ended(how: Ended, error?: Error): Promise<void>
}

/** Who opened a stream. */
export interface Viewer {
  readonly identity: Identity
  readonly source: string
  /** Also the id of the audit records of this stream. */
  readonly requestId: string
}
