/** Specs that must fail through the gateway, and in one way only: what the gateway refuses on purpose. */
export interface Refusal {
  readonly why: string
  /** The gateway's audit must have this reason at least once for each of the specs. */
  readonly audited: string
  readonly specs: readonly string[]
}

export const refusals: readonly Refusal[] = [
  {
    why: 'a call is made as the person who makes it',
    audited: 'impersonation is refused here',
    specs: ['[sig-auth] SelfSubjectReview should support SelfSubjectReview API operations'],
  },
  {
    why: 'only its own tokens open the gateway, neither those of accounts nor certificates',
    audited: 'Sign in first',
    specs: [
      '[sig-auth] Certificates API [Privileged:ClusterAdmin] should support building a client with a CSR',
      '[sig-auth] ValidatingAdmissionPolicy can restrict access by-node',
    ],
  },
  {
    why: 'these specs pose as a page of http://localhost; kubectl names no origin, and its WebSockets pass',
    audited: 'requests from this origin are not accepted',
    specs: [
      '[sig-cli] Kubectl Port forwarding With a server listening on 0.0.0.0 should support forwarding over websockets',
      '[sig-cli] Kubectl Port forwarding With a server listening on localhost should support forwarding over websockets',
      '[sig-node] Pods should support remote command execution over websockets [NodeConformance] [Conformance]',
      '[sig-node] Pods should support retrieving logs from the container over websockets [NodeConformance] [Conformance]',
    ],
  },
  {
    why: 'of what is no resource, only discovery, OpenAPI, version and health are open',
    audited: '/metrics is closed',
    specs: ['[sig-instrumentation] MetricsGrabber should grab all metrics from API server.'],
  },
]
