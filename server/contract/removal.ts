import type { KindRef } from './place.ts'

type Kind = Pick<KindRef, 'group' | 'resource'>

/** What becomes of the things that belong to what is deleted. */
export const propagations = ['background', 'foreground', 'orphan'] as const
export type Propagation = (typeof propagations)[number]

/** Much depends on these: whoever deletes one types its name. */
const guarded: ReadonlySet<string> = new Set([
  'namespaces',
  'nodes',
  'persistentvolumes',
  'customresourcedefinitions.apiextensions.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'storageclasses.storage.k8s.io',
])

/** Gone only when what belongs to them is. */
const slow: ReadonlySet<string> = new Set(['jobs.batch', 'statefulsets.apps'])

const nameOf = ({ group, resource }: Kind) => resource + (group && `.${group}`)

/** Whether its name must be typed before one of this kind is deleted. */
export const isGuarded = (kind: Kind): boolean => guarded.has(nameOf(kind))

/** How one of this kind is deleted when nobody says how. */
export const usualPropagation = (kind: Kind): Propagation =>
  slow.has(nameOf(kind)) ? 'foreground' : 'background'
