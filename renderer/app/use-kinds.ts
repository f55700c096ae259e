import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Kind } from '#gateway/kinds.ts'
import type { KindRef, Place } from '#gateway/place.ts'
import { kindsOf } from '../data/kinds.ts'
import { mergeKinds, type MergedKind } from './merge-kinds.ts'

export interface KnownKinds {
  readonly kinds: readonly MergedKind[]
  /** Places that have told nothing yet. */
  readonly unknown: readonly Place[]
  readonly failed: readonly { readonly place: Place; readonly message: string }[]
  /** API groups whose server does not answer, so that their kinds are missing. */
  readonly incomplete: readonly { readonly place: Place; readonly group: string }[]
}

interface Answer {
  readonly data: { readonly kinds: Kind[]; readonly incomplete: string[] } | undefined
  readonly error: Error | null
}

/** Always the same function, so that it is asked only when an answer has changed. */
const told = (answers: readonly Answer[]) => answers.map(({ data, error }) => ({ data, error }))

/** What is served where one looks; a place that is down takes nothing from the others. */
export function useKinds(places: readonly Place[]): KnownKinds {
  const key = JSON.stringify(places)
  const asked = useMemo(() => JSON.parse(key) as Place[], [key])
  const answers = useQueries({ queries: asked.map((it) => kindsOf(it)), combine: told })
  return useMemo(() => {
    const each = asked.map((place, at) => ({ place, ...answers[at] }))
    return {
      kinds: mergeKinds(each.map(({ place, data }) => ({ place, kinds: data?.kinds }))),
      unknown: each.filter((it) => !it.data).map((it) => it.place),
      failed: each.flatMap(({ place, error }) =>
        error ? [{ place, message: error.message }] : [],
      ),
      incomplete: each.flatMap(({ place, data }) =>
        (data?.incomplete ?? []).map((group) => ({ place, group })),
      ),
    }
  }, [asked, answers])
}

/** What the clusters call a kind; undefined until it is known, or when none of them serves it. */
export function useKindIn(
  places: readonly Place[],
  ref: Pick<KindRef, 'group' | 'resource'> | undefined,
): MergedKind | undefined {
  const { kinds } = useKinds(places)
  return kinds.find((it) => it.group === ref?.group && it.resource === ref.resource)
}
