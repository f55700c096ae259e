import type { Scope } from '../contract/grants.ts'

interface Granted {
  readonly scope: Scope
  readonly expires: Date | undefined
}

/** What several grants on one profile come to; they add up. */
export function unionOf(grants: readonly Granted[]) {
  const isEverywhere = grants.some((it) => it.scope.namespaces === undefined)
  const isEndless = grants.some((it) => it.expires === undefined)
  return {
    /** Absent means all. */
    namespaces: isEverywhere
      ? undefined
      : sorted(grants.flatMap((it) => it.scope.namespaces ?? [])),
    capabilities: sorted(grants.flatMap((it) => it.scope.capabilities)),
    /** Absent means that at least one ends only when it is taken back. */
    expires: isEndless
      ? undefined
      : new Date(Math.max(...grants.map((it) => it.expires?.getTime() ?? 0))),
  }
}

const sorted = <T extends string>(list: readonly T[]): T[] =>
  [...new Set(list)].sort((a, b) => (a < b ? -1 : 1))
