import type { Kind } from '#gateway/kinds.ts'

/** Kinds whose failures matter even where nobody looks; the overview watches the same, so that they cost nothing more. */
const telling: ReadonlySet<string> = new Set([
  'nodes',
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'persistentvolumeclaims',
])

const nameOf = ({ group, resource }: Kind) => (group ? `${resource}.${group}` : resource)

/** At most so many are of one group. */
export const mostTelling = 5

export const tellingKinds = <K extends Kind>(kinds: readonly K[]): readonly K[] =>
  kinds.filter((it) => telling.has(nameOf(it))).slice(0, mostTelling)
