/**
 * What kubectl, helm, k9s and the client libraries send and a cluster needs: the gateway passes nothing else on, and
 * the app’s loopback sends nothing else to the gateway.
 */
export const requestNames: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'kubectl-command',
  'kubectl-session',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-stream-protocol-version',
])
