import type { Kind } from '#gateway/kinds.ts'
import type { Place } from '#gateway/place.ts'
import { kindName } from '../../data/kinds.ts'
import { useTexts } from '../../texts/texts.ts'
import type { Command } from '../commands.ts'
import { useKeptNamespaces } from '../kept-namespaces.ts'
import { pluralTitle } from '../kind-groups.ts'
import type { MergedKind } from '../merge-kinds.ts'
import { placeOf, useClusterName, useClusters, usePlaces } from '../places.ts'
import { setPrefs, usePrefs } from '../prefs.ts'
import { go, goTo } from '../route.ts'
import { useKinds } from '../use-kinds.ts'
import { fit, fitting, type Entry } from './entries.ts'

/** `>` what can be done, `:` kinds, `@` clusters; without a sign a little of each. */
export function usePaletteEntries(text: string, commands: readonly Command[]): readonly Entry[] {
  const sign = text.charAt(0)
  const words = text.slice(1).trim()
  const actions = useActionEntries(commands)
  const kinds = useKindEntries(sign === ':' ? words : text)
  const places = usePlaceEntries()
  const recent = useRecentEntries()
  if (sign === '>') return fitting(actions, words)
  if (sign === ':') return kinds
  if (sign === '@') return fitting(places, words)
  if (text.trim() === '') return [...recent, ...actions.slice(0, 8)]
  return [
    ...fitting(recent, text).slice(0, 3),
    ...kinds.slice(0, 3),
    ...fitting(places, text).slice(0, 3),
    ...fitting(actions, text).slice(0, 4),
  ]
}

function useActionEntries(commands: readonly Command[]): readonly Entry[] {
  const t = useTexts('frame')
  return commands
    .filter((it) => !it.quiet)
    .map(({ id, title, keys, refusal, run }) => ({
      id: `do ${id}`,
      section: t('paletteActions'),
      title,
      ...(keys && { keys }),
      refusal,
      run,
    }))
}

/** `po prod/ web`: a kind by any of its names, a namespace, a filter. */
function useKindEntries(words: string): readonly Entry[] {
  const t = useTexts('frame')
  const places = usePlaces()
  const { kinds } = useKinds(places)
  const kept = useKeptNamespaces()
  const clusterName = useClusterName()
  const [name = '', ...rest] = words.split(/\s+/)
  const namespace = rest.find((it) => it.endsWith('/'))?.slice(0, -1)
  const filter = rest.filter((it) => !it.endsWith('/')).join(' ')
  const onlyIn = ({ partly, servedBy }: MergedKind) =>
    partly &&
    t('kindOnlyIn', { clusters: servedBy.map((it) => clusterName(it.cluster)).join(', ') })
  const ranked = kinds
    .filter((it) => it.verbs.includes('list'))
    .map((kind) => ({ kind, score: scoreOf(kind, name.toLowerCase()) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  return ranked.slice(0, 40).map(({ kind }) => ({
    id: `kind ${kindName(kind)}`,
    section: t('paletteKindsTitle'),
    title: pluralTitle(kind),
    detail: [namespace && `${namespace}/`, filter, kindName(kind), onlyIn(kind)]
      .filter(Boolean)
      .join(' · '),
    run: () => {
      toKind(places, kind, { namespaces: namespace ? [namespace] : kept, filter })
    },
  }))
}

function scoreOf(kind: Kind, word: string): number {
  if (word === '') return kind.group.includes('.') ? 1 : 2
  const { resource, singular, shortNames } = kind
  if (shortNames.includes(word)) return 100
  if (resource === word || singular === word) return 90
  if (resource.startsWith(word)) return 50 - resource.length / 10
  return fit(kindName(kind), word)
}

function toKind(
  places: readonly Place[],
  { group, version, resource, namespaced }: Kind,
  { namespaces, filter }: { namespaces: readonly string[] | undefined; filter: string },
) {
  go({
    screen: 'list',
    places,
    kind: { group, version, resource },
    ...(namespaced && namespaces && { namespaces }),
    ...(filter && { text: filter }),
  })
}

function usePlaceEntries(): readonly Entry[] {
  const t = useTexts('frame')
  const clusters = useClusters()
  const profiles = usePrefs((it) => it.profiles)
  return clusters.flatMap((cluster) =>
    cluster.contexts.map((context) => {
      const place = placeOf(context)
      return {
        id: `place ${place.cluster}@${place.profile}`,
        section: t('palettePlaces'),
        title: `${cluster.name} @${place.profile}`,
        detail: context.namespaces?.join(', ') ?? '',
        run: () => {
          setPrefs({ profiles: { ...profiles, [place.cluster]: place.profile } })
          go({ screen: 'overview', places: [place] })
        },
      }
    }),
  )
}

function useRecentEntries(): readonly Entry[] {
  const t = useTexts('frame')
  const recent = usePrefs((it) => it.recent)
  return recent.slice(0, 6).map(({ title, path }) => ({
    id: `recent ${path}`,
    section: t('paletteRecent'),
    title,
    detail: path.split('/')[2] ?? '',
    run: () => {
      goTo(path)
    },
  }))
}
