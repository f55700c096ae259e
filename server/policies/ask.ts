import type { ResourceInfo } from '../proxy/request-info.ts'

/** What one wants of a kind of object, by Kubernetes’ own words. */
export interface Ask {
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource?: string | undefined
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly labelSelector?: string | undefined
}

/** The question for `decide`, as if it had been read from the path that will be sent. */
export function askFor(it: Ask): ResourceInfo {
  const { verb, group, version, resource, subresource = '', namespace = '', name = '' } = it
  return {
    kind: 'resource',
    verb,
    apiPrefix: group === '' ? 'api' : 'apis',
    group,
    version,
    // As kube-apiserver reads `/api/v1/namespaces/x`: a namespace is in itself.
    namespace: namespaceOf(it, namespace, name),
    resource,
    subresource,
    name,
    parts: [resource, name, subresource].filter((part) => part !== ''),
    ...(it.labelSelector !== undefined && { labelSelector: it.labelSelector }),
  }
}

const namespaceOf = ({ group, resource }: Ask, namespace: string, name: string): string =>
  group === '' && resource === 'namespaces' ? name : namespace

// Words that kube-apiserver reads as something else than a kind, where they stand.
const verbsInPath: ReadonlySet<string> = new Set(['watch', 'proxy'])
const partsOfNamespaces: ReadonlySet<string> = new Set(['status', 'finalize'])

type Place = Pick<Ask, 'group' | 'resource' | 'subresource' | 'namespace'>

/** Whether the path of an address would mean something else than what `askFor` makes of it. */
export function isMisread({ group, resource, subresource = 'status', namespace }: Place): boolean {
  if (verbsInPath.has(resource)) return true
  if (resource !== 'namespaces') return namespace !== undefined && partsOfNamespaces.has(resource)
  return group !== '' || namespace !== undefined || !partsOfNamespaces.has(subresource)
}
