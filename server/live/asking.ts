import type { KindRef } from '../contract/place.ts'

/** What one feed reads: all objects of a kind, or those of one namespace. */
export interface Subject {
  readonly kind: KindRef
  readonly namespace: string | undefined
}

export const kindText = ({ group, resource }: Pick<KindRef, 'group' | 'resource'>) =>
  group === '' ? resource : `${resource}.${group}`

export const placeText = (namespace: string | undefined) =>
  namespace === undefined ? 'in the whole cluster' : `in the namespace "${namespace}"`

export const isNamespaces = ({ group, resource }: KindRef) =>
  group === '' && resource === 'namespaces'

/** The path below the cluster’s base path, without a query. Every part passed the contract. */
function pathOf({ kind, namespace }: Subject): string {
  const { group, version, resource } = kind
  const prefix = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const place = namespace === undefined || isNamespaces(kind) ? '' : `/namespaces/${namespace}`
  return `${prefix}${place}/${resource}`
}

/** A namespace lies in no namespace: one alone is found by its name. */
const only = ({ kind, namespace }: Subject): Record<string, string> =>
  namespace !== undefined && isNamespaces(kind)
    ? { fieldSelector: `metadata.name=${namespace}` }
    : {}

const join = (subject: Subject, query: Record<string, string>) =>
  `${pathOf(subject)}?${new URLSearchParams({ ...only(subject), ...query }).toString()}`

const pageSize = 500

/**
 * Where a list comes from: the cluster’s memory, its store when that was too old, or its store in one piece when
 * the pages expired between them.
 */
export type ListFrom = 'memory' | 'store' | 'whole'

const listQueries: Readonly<Record<ListFrom, Record<string, string>>> = {
  memory: { limit: `${pageSize}`, resourceVersion: '0' },
  store: { limit: `${pageSize}` },
  whole: {},
}

export const pathOfPage = (subject: Subject, from: ListFrom, next: string | undefined): string =>
  join(subject, next === undefined ? listQueries[from] : { limit: `${pageSize}`, continue: next })

/** One request that lists and then watches, where it is served. */
export const pathOfWatchList = (subject: Subject, seconds: number) =>
  join(subject, {
    watch: '1',
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
    allowWatchBookmarks: 'true',
    timeoutSeconds: `${seconds}`,
  })

export const pathOfWatch = (subject: Subject, version: string, seconds: number) =>
  join(subject, {
    watch: '1',
    resourceVersion: version,
    allowWatchBookmarks: 'true',
    timeoutSeconds: `${seconds}`,
  })
