/** Two of these and each reader takes another one. */
export const singleRequestNames: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'sec-websocket-key',
  'sec-websocket-version',
])

export const responseNames: ReadonlySet<string> = new Set([
  'allow',
  'audit-id',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'retry-after',
  'vary',
  'warning',
  'x-kubernetes-pf-flowschema-uid',
  'x-kubernetes-pf-prioritylevel-uid',
  'x-varied-accept',
])

/** What an upgrade's answer may carry besides, be it 101 or an error. */
export const upgradeResponseNames: ReadonlySet<string> = new Set([
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
  'x-accepted-stream-protocol-versions',
  'x-stream-protocol-version',
])

export const singleResponseNames: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'content-type',
  'sec-websocket-accept',
])

const heldBack: ReadonlySet<string> = new Set([
  'audit-id',
  'authorization',
  'connection',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
])
const heldBackPrefixes = ['proxy-', 'x-forwarded-', 'x-remote-', 'x-original-'] as const

/** A program behind `*\/proxy` may need any header, except those about identity, origin and connection. */
export const isForProgram = (name: string) =>
  !heldBack.has(name) && !heldBackPrefixes.some((prefix) => name.startsWith(prefix))
