import type { Context } from '#gateway/contexts.ts'
import type { Place } from '#gateway/place.ts'
import type { Route } from './route-text.ts'

/** Where a local terminal may lead, and the namespace its tools begin in. */
export interface TerminalPlace {
  readonly place: Place
  /** The cluster's, for people. */
  readonly name: string
  readonly namespace: string | undefined
}

/** The one namespace that is looked at, else the only one that the person may use. */
export function terminalPlace(context: Context, route: Route): TerminalPlace {
  const { clusterId: cluster, clusterName: name, profileName: profile, namespaces } = context
  const looked = route.screen === 'list' ? route.namespaces : undefined
  return { place: { cluster, profile }, name, namespace: only(looked) ?? only(namespaces) }
}

const only = (names: readonly string[] | undefined) => (names?.length === 1 ? names[0] : undefined)
