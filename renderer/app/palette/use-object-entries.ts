import { useDebouncedValue } from '@mantine/hooks'
import type { KindRef, Place } from '#gateway/place.ts'
import type { Row } from '#gateway/views.ts'
import { countText } from '../../components/amounts.ts'
import { useView, type ViewState } from '../../data/views.ts'
import { useTexts } from '../../texts/texts.ts'
import { samePlace, useClusterName, useClusters, usePlaces } from '../places.ts'
import { usePrefs } from '../prefs.ts'
import { placeText } from '../route-text.ts'
import { go, useRoute } from '../route.ts'
import { refOf } from '../rows.ts'
import { useKinds } from '../use-kinds.ts'
import { fit, type Entry } from './entries.ts'
import { searchedOf, type Searched } from './searched.ts'
import { soughtKinds, type Sought } from './sought.ts'

/** Of each kind so many are read, and so many of those shown whose names fit best. */
const read = 30
const shown = 6

interface Found {
  readonly entries: readonly Entry[]
  readonly waiting: boolean
  /** What was searched, and what of it is not shown. */
  readonly notes: readonly string[]
}

interface Asked extends Sought {
  readonly view: ViewState
}

/** Objects by name, in all clusters that are looked at. */
export function useObjectEntries(text: string): Found {
  const t = useTexts('frame')
  const [late] = useDebouncedValue(text.trim(), 120)
  const words = /^[>:@]/.test(late) || late.length < 2 ? '' : late.slice(0, 200)
  const sought = useSought()
  // Hooks are as many each time: a place that is not taken asks nothing.
  const views = [
    useFound(sought[0], words),
    useFound(sought[1], words),
    useFound(sought[2], words),
    useFound(sought[3], words),
    useFound(sought[4], words),
    useFound(sought[5], words),
    useFound(sought[6], words),
    useFound(sought[7], words),
    useFound(sought[8], words),
    useFound(sought[9], words),
    useFound(sought[10], words),
    useFound(sought[11], words),
    useFound(sought[12], words),
    useFound(sought[13], words),
    useFound(sought[14], words),
    useFound(sought[15], words),
    useFound(sought[16], words),
    useFound(sought[17], words),
    useFound(sought[18], words),
    useFound(sought[19], words),
  ]
  const places = usePlaces()
  const clusterName = useClusterName()
  const searchedText = useSearchedText()
  const isTyping = late !== text.trim()
  if (words === '') return { entries: [], waiting: isTyping, notes: [] }
  const asked = sought.flatMap((it, at): Asked[] => {
    const view = views[at]
    return view ? [{ ...it, view }] : []
  })
  const hits = asked.flatMap((it) => hitsOf(it, words)).sort((a, b) => b.score - a.score)
  const entries = hits.map(({ row, kind, place }): Entry => {
    const { namespace, name } = row
    const where = places.length > 1 ? [`${clusterName(place.cluster)} @${place.profile}`] : []
    return {
      id: `object ${placeText(place)} ${kind.resource}.${kind.group} ${namespace ?? ''}/${name}`,
      section: t('paletteObjects'),
      title: name,
      detail: [kind.resource, namespace, ...where].filter(Boolean).join(' · '),
      run: () => {
        openHit({ row, kind, place }, places)
      },
    }
  })
  const cut = asked.filter(({ view }) => view.status === 'open' && view.total > shown)
  const kinds = cut.map(({ view, kind }) =>
    t('paletteLimitedKind', { count: shown, total: countText(view.total), kind: kind.resource }),
  )
  return {
    entries,
    waiting: isTyping || asked.some((it) => it.view.status === 'opening'),
    notes: [
      ...(kinds.length > 0 ? [t('paletteLimited', { kinds: kinds.join(', ') })] : []),
      ...searchedText(searchedOf(asked.map(({ kind, ...it }) => ({ ...it, ...kind })))),
    ],
  }
}

function useSought(): readonly Sought[] {
  const places = usePlaces()
  const route = useRoute()
  const contexts = useClusters().flatMap((it) => it.contexts)
  const { kinds, unknown } = useKinds(places)
  const favourites = usePrefs((it) => it.favourites)
  return soughtKinds({
    places,
    kinds,
    unknown,
    present: route.screen === 'list' ? route.kind : undefined,
    favourites,
    maySecrets: (place) =>
      contexts.some(
        (it) =>
          it.capabilities.includes('secrets') &&
          samePlace(place, { cluster: it.clusterId, profile: it.profileName }),
      ),
  })
}

function useFound(sought: Sought | undefined, words: string): ViewState | undefined {
  const asked = words !== '' && sought !== undefined
  const view = useView(
    asked
      ? {
          sources: [...sought.places],
          ...sought.kind,
          text: words,
          sort: [{ column: 'name', descending: false }],
          offset: 0,
          limit: read,
        }
      : undefined,
  )
  return asked ? view : undefined
}

interface Hit {
  readonly row: Row
  readonly kind: KindRef
  readonly place: Place
}

/** What a row was found by may stand in any of its cells; those whose name fits come first. */
function hitsOf({ kind, places, view }: Asked, words: string): (Hit & { score: number })[] {
  return view.order
    .flatMap((id) => {
      const row = view.rows.get(id)
      const place = row && places[row.source]
      return row && place ? [{ row, kind, place, score: scoreOf(row, words) }] : []
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, shown)
}

const scoreOf = ({ name, namespace = '' }: Row, words: string) =>
  fit(name, words) || fit(`${name} ${namespace}`, words) / 100

function openHit({ row, kind, place }: Hit, places: readonly Place[]) {
  const ref = refOf({ ...row, source: 0 }, { screen: 'list', places: [place], kind })
  if (!ref) return
  const { namespace, name } = ref
  go({
    screen: 'list',
    places,
    kind,
    ...(namespace && { namespaces: [namespace] }),
    open: { name, ...(namespace && { namespace }), ...(places.length > 1 && { place }) },
  })
}

/** Says of which kinds and clusters the answer speaks, and of which it does not. */
function useSearchedText(): (searched: Searched) => readonly string[] {
  const t = useTexts('frame')
  const clusterName = useClusterName()
  return ({ kinds, clusters, gaps }) => {
    const parts = gaps.map((it) =>
      t(`paletteUnsearchedPart.${it.why}`, {
        kinds: it.kinds.join(', '),
        cluster: clusterName(it.cluster),
      }),
    )
    const where = { kinds: kinds.join(', '), clusters: clusters.map(clusterName).join(', ') }
    return [
      ...(kinds.length > 0 ? [t('paletteSearched', where)] : []),
      ...(parts.length > 0 ? [t('paletteUnsearched', { parts: parts.join('; ') })] : []),
    ]
  }
}
