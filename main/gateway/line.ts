import type { Agent } from 'node:https'
import type { TLSSocket } from 'node:tls'

/**
 * The way from this machine to one gateway, for whoever in main speaks raw HTTPS or WebSockets. It leads to
 * the key that was trusted or nowhere: nothing is written before the key was compared.
 */
export interface GatewayLine {
  /** `https://host:port`. */
  readonly address: string
  /**
   * For `https.request` (upgrades included) and `ws`: `{ agent: line.agent }`. Its sockets are handed out after
   * the gateway's key was checked, so no options about certificates are needed, or may be given, beside it.
   */
  readonly agent: Agent
  /** One connection for bytes that are not HTTP of Node's making; checked, and still silent. */
  connect(): Promise<TLSSocket>
  /** A fresh access token; refreshes once for all who ask. Throws AppError `unauthenticated`. */
  token(): Promise<string>
  /** The session was ended, or another gateway was chosen. Gives back what stops the listening. */
  onEnd(listener: () => void): () => void
}
