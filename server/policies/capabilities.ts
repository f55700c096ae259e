import { Capability } from '../contract/grants.ts'
import type { RequestInfo, ResourceInfo } from '../proxy/request-info.ts'

/** Every access that no plain verb gives, in the order in which they are shown. */
export const capabilities: readonly Capability[] = Capability.options

// Whatever API group serves them: these words open a channel into a workload wherever Kubernetes uses them.
const bySubresource: ReadonlyMap<string, Capability> = new Map<string, Capability>([
  ['exec', 'exec'],
  ['attach', 'attach'],
  ['portforward', 'port-forward'],
  ['ephemeralcontainers', 'debug'],
  ['proxy', 'proxy'],
])

/** What a request needs beyond its verb, whatever its HTTP method: a WebSocket exec is a GET. */
export function capabilityOf(info: RequestInfo): Capability | undefined {
  if (info.kind !== 'resource') return undefined
  if (info.verb === 'proxy') return 'proxy'
  return bySubresource.get(info.subresource) ?? byResource(info)
}

function byResource({ group, resource, subresource }: ResourceInfo): Capability | undefined {
  if (group === 'certificates.k8s.io') return approves(resource, subresource)
  if (group !== '') return undefined
  if (resource === 'secrets') return 'secrets'
  if (resource === 'serviceaccounts' && subresource === 'token') return 'service-account-token'
  return undefined
}

/** Who writes a request's status signs it: that is approval by another door. */
function approves(resource: string, subresource: string): Capability | undefined {
  if (resource === 'signers') return 'certificate-approval'
  const isDecision = subresource === 'approval' || subresource === 'status'
  return resource === 'certificatesigningrequests' && isDecision
    ? 'certificate-approval'
    : undefined
}
