import type { Kind } from '#gateway/kinds.ts'
import type { Place } from '#gateway/place.ts'

/** What one place answered; without kinds it has not, or could not. */
export interface KindsAnswer {
  readonly place: Place
  readonly kinds: readonly Kind[] | undefined
}

/** A kind under one name, wherever it is served. */
export interface MergedKind extends Kind {
  readonly servedBy: readonly Place[]
  /** Another place that has answered does not serve it. */
  readonly partly: boolean
}

/** The kinds of all places by name, each as the first place that serves it tells. */
export function mergeKinds(answers: readonly KindsAnswer[]): readonly MergedKind[] {
  const answered = answers.filter((it) => it.kinds !== undefined).length
  const merged = new Map<string, { kind: Kind; servedBy: Place[] }>()
  for (const { place, kinds = [] } of answers)
    for (const kind of kinds) {
      const name = `${kind.group}/${kind.resource}`
      const known = merged.get(name)
      if (!known) merged.set(name, { kind, servedBy: [place] })
      else {
        known.kind = join(known.kind, kind)
        known.servedBy.push(place)
      }
    }
  return [...merged.values()].map(({ kind, servedBy }) => ({
    ...kind,
    servedBy,
    partly: servedBy.length < answered,
  }))
}

/** What any place can do can be asked of all: those that cannot will say so. */
function join(first: Kind, other: Kind): Kind {
  return {
    ...first,
    namespaced: first.namespaced || other.namespaced,
    verbs: union(first.verbs, other.verbs),
    shortNames: union(first.shortNames, other.shortNames),
  }
}

const union = (a: string[], b: string[]): string[] => [...new Set([...a, ...b])]
