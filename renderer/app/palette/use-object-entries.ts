import { useDeferredValue } from 'react'
import type { KindRef, Place } from '#gateway/place.ts'
import { placeText } from '../route-text.ts'
import { useView } from '../../data/views.ts'
import { useTexts } from '../../texts/texts.ts'
import { usePlaces } from '../places.ts'
import { go } from '../route.ts'
import { openOf, refOf } from '../rows.ts'
import type { Entry } from './entries.ts'

/** What people look for by name. Others are found in their own lists. */
const sought = [
  { group: '', version: 'v1', resource: 'pods' },
  { group: 'apps', version: 'v1', resource: 'deployments' },
  { group: 'apps', version: 'v1', resource: 'statefulsets' },
  { group: '', version: 'v1', resource: 'services' },
  { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' },
  { group: '', version: 'v1', resource: 'configmaps' },
  { group: '', version: 'v1', resource: 'nodes' },
  { group: '', version: 'v1', resource: 'namespaces' },
] as const satisfies readonly KindRef[]

const limit = 6

interface Found {
  readonly entries: readonly Entry[]
  readonly waiting: boolean
  /** What is not shown, kind by kind. */
  readonly limits: readonly string[]
}

/** Objects by name, in all clusters that are looked at. */
export function useObjectEntries(text: string): Found {
  const places = usePlaces()
  const late = useDeferredValue(text.trim())
  const words = /^[>:@]/.test(late) || late.length < 2 ? '' : late
  const found = [
    useFound(places, sought[0], words),
    useFound(places, sought[1], words),
    useFound(places, sought[2], words),
    useFound(places, sought[3], words),
    useFound(places, sought[4], words),
    useFound(places, sought[5], words),
    useFound(places, sought[6], words),
    useFound(places, sought[7], words),
  ]
  return {
    entries: found.flatMap((it) => it.entries),
    waiting: words !== '' && found.some((it) => it.waiting),
    limits: found.flatMap((it) => it.limits),
  }
}

function useFound(places: readonly Place[], kind: KindRef, words: string): Found {
  const t = useTexts('frame')
  const asked = words !== '' && places.length > 0
  const view = useView(
    asked
      ? { sources: [...places], ...kind, text: words.slice(0, 200), sort: [], offset: 0, limit }
      : undefined,
  )
  if (!asked) return { entries: [], waiting: false, limits: [] }
  const list = { screen: 'list' as const, places, kind }
  const entries = view.order.flatMap((id): Entry[] => {
    const row = view.rows.get(id)
    const ref = row && refOf(row, list)
    if (!ref) return []
    return [
      {
        id: `object ${placeText(ref)} ${kind.resource} ${ref.namespace ?? ''}/${ref.name}`,
        section: t('paletteObjects'),
        title: ref.name,
        detail: [kind.resource, ref.namespace, ...(places.length > 1 ? [placeText(ref)] : [])]
          .filter(Boolean)
          .join(' · '),
        run: () => {
          go({
            ...list,
            ...(row.namespace && { namespaces: [row.namespace] }),
            open: openOf(row, list),
          })
        },
      },
    ]
  })
  const more = view.total > entries.length && view.status === 'open'
  return {
    entries,
    waiting: view.status === 'opening',
    limits: more
      ? [t('paletteLimited', { count: entries.length, total: view.total, kind: kind.resource })]
      : [],
  }
}
