import { readListOptions } from './list-options.ts'
import { parseQuery } from './query.ts'

/** A request for something that is not an object: discovery, OpenAPI, health. */
export interface NonResourceInfo {
  readonly kind: 'nonresource'
  /** The HTTP method in lower case. */
  readonly verb: string
  readonly path: string
}

export interface ResourceInfo {
  readonly kind: 'resource'
  /** Empty when the HTTP method means nothing to Kubernetes: to be denied. */
  readonly verb: string
  readonly apiPrefix: string
  readonly group: string
  readonly version: string
  /** Empty means cluster-wide. */
  readonly namespace: string
  readonly resource: string
  readonly subresource: string
  readonly name: string
  /** Starts with resource and name; deeper parts are not interpreted. */
  readonly parts: readonly string[]
  readonly fieldSelector?: string
  readonly labelSelector?: string
}

/** What a request asks of Kubernetes, read as kube-apiserver reads it. */
export type RequestInfo =
  NonResourceInfo | ResourceInfo | { readonly kind: 'error'; readonly reason: string }

const verbOfMethod: ReadonlyMap<string, string> = new Map([
  ['POST', 'create'],
  ['GET', 'get'],
  ['HEAD', 'get'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
])

const verbsInPath: ReadonlySet<string | undefined> = new Set(['proxy', 'watch'])

/** Takes a path that was decoded once and the query as it was sent; both from `parseTarget`. */
export function requestInfo(method: string, path: string, rawQuery: string): RequestInfo {
  const parts = splitPath(path)
  const [apiPrefix = '', second = ''] = parts
  const versionAt = versionPlace(apiPrefix, parts.length)
  if (versionAt === -1) return { kind: 'nonresource', verb: method.toLowerCase(), path }
  const isVerbInPath = verbsInPath.has(parts[versionAt + 1])
  const rest = parts.slice(versionAt + (isVerbInPath ? 2 : 1))
  if (rest.length === 0) return { kind: 'error', reason: 'the path names a verb but no resource' }
  const verb = (isVerbInPath ? parts[versionAt + 1] : verbOfMethod.get(method)) ?? ''
  const target = locate(rest, verb)
  const selected = select(verb, target.name, rawQuery)
  if ('kind' in selected) return selected
  const group = versionAt === 2 ? second : ''
  const version = parts[versionAt] ?? ''
  return { kind: 'resource', apiPrefix, group, version, ...target, ...selected }
}

/** Where the version stands in a path that has one and something behind it, else -1. */
function versionPlace(apiPrefix: string, count: number): number {
  if (apiPrefix === 'api') return count >= 3 ? 1 : -1
  return apiPrefix === 'apis' && count >= 4 ? 2 : -1
}

function splitPath(path: string): string[] {
  let start = 0
  let end = path.length
  while (start < end && path.charCodeAt(start) === 0x2f) start++
  while (end > start && path.charCodeAt(end - 1) === 0x2f) end--
  return start === end ? [] : path.slice(start, end).split('/')
}

/** Everything that the path alone says about the object. */
function locate(rest: readonly string[], verb: string) {
  let parts = rest
  let namespace = ''
  if (rest[0] === 'namespaces') {
    namespace = rest[1] ?? ''
    const third = rest[2]
    // `namespaces/x/status` is the namespace's own; anything else in third place lives inside it.
    if (third !== undefined && third !== 'status' && third !== 'finalize') parts = rest.slice(2)
  }
  return {
    namespace,
    resource: parts[0] ?? '',
    name: parts[1] ?? '',
    subresource: verb === 'proxy' ? '' : (parts[2] ?? ''),
    parts,
  }
}

interface Selected {
  readonly verb: string
  readonly name: string
  readonly fieldSelector?: string
  readonly labelSelector?: string
}

type Unreadable = Extract<RequestInfo, { readonly kind: 'error' }>

/** Without a name a get is a list or a watch and a delete takes the whole collection. */
function select(verb: string, name: string, rawQuery: string): Selected | Unreadable {
  if (name !== '' || (verb !== 'get' && verb !== 'delete')) return { verb, name }
  if (rawQuery === '') return { verb: verb === 'get' ? 'list' : 'deletecollection', name }
  const query = parseQuery(rawQuery)
  const selectors = selectorsOf(query)
  // Not UTF-8: Go compares bytes that JavaScript cannot hold, so the two could mean different names.
  if (Object.values(selectors).some((it) => it.includes('\ufffd'))) {
    return { kind: 'error', reason: 'a selector is not UTF-8 once decoded' }
  }
  if (verb === 'delete') return { verb: 'deletecollection', name, ...selectors }
  const options = readListOptions(query)
  return { verb: options.watch ? 'watch' : 'list', name: options.name, ...selectors }
}

function selectorsOf(query: ReadonlyMap<string, readonly string[]>) {
  const fieldSelector = query.get('fieldSelector')?.[0]
  const labelSelector = query.get('labelSelector')?.[0]
  return { ...(fieldSelector && { fieldSelector }), ...(labelSelector && { labelSelector }) }
}

const longRunningSubresources: ReadonlySet<string> = new Set([
  'attach',
  'exec',
  'proxy',
  'log',
  'portforward',
])

/** kube-apiserver's own rule: no deadline applies. A log counts whether or not it is followed. */
export function isLongRunning(info: RequestInfo): boolean {
  if (info.kind === 'error') return false
  if (info.verb === 'watch' || info.verb === 'proxy') return true
  return info.kind === 'resource'
    ? longRunningSubresources.has(info.subresource)
    : info.path.startsWith('/debug/pprof/')
}
