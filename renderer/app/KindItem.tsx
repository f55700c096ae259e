import { IconStar, IconStarFilled } from '@tabler/icons-react'
import type { Kind } from '#gateway/kinds.ts'
import type { Place } from '#gateway/place.ts'
import { countText } from '../components/amounts.ts'
import { StatusMark } from '../components/StatusMark.tsx'
import { kindName } from '../data/kinds.ts'
import { useView } from '../data/views.ts'
import { useTexts } from '../texts/texts.ts'
import { pluralTitle } from './kind-groups.ts'
import { setPrefs, toggled, usePrefs } from './prefs.ts'
import { hrefOf, useRoute, type ListRoute } from './route.ts'
import styles from './KindTree.module.css'

/** One kind of the tree with how many there are, and a mark where some of them fail. */
export function KindItem({ kind, places }: { kind: Kind; places: readonly Place[] }) {
  const route = useRoute()
  const t = useTexts('frame')
  const { favourites } = usePrefs()
  const name = kindName(kind)
  const liked = favourites.includes(name)
  const namespaces = route.screen === 'list' && kind.namespaced ? route.namespaces : undefined
  const { group, version, resource } = kind
  const current = route.screen === 'list' && kindName(route.kind) === name
  const target: ListRoute = {
    screen: 'list',
    places,
    kind: { group, version, resource },
    ...(namespaces && { namespaces }),
  }
  const title = pluralTitle(kind)
  return (
    <li className={styles['row']}>
      <a
        className={styles['item']}
        href={hrefOf(target)}
        title={`${title} (${name}/${version})`}
        {...(current && { 'aria-current': 'page' })}
      >
        <span className={styles['name']}>{title}</span>
        <Count target={target} />
      </a>
      <button
        type="button"
        className={styles['star']}
        data-liked={liked}
        aria-label={liked ? t('unfavourite', { title }) : t('favourite', { title })}
        aria-pressed={liked}
        onClick={() => {
          setPrefs({ favourites: toggled(favourites, name) })
        }}
      >
        {liked ? <IconStarFilled size={12} /> : <IconStar size={12} />}
      </button>
    </li>
  )
}

function Count({ target }: { target: ListRoute }) {
  const t = useTexts('frame')
  const { kind, places, namespaces } = target
  const { status, total, facets, freshness } = useView({
    sources: [...places],
    ...kind,
    ...(namespaces && { namespaces: [...namespaces] }),
    sort: [],
    offset: 0,
    limit: 0,
  })
  if (status !== 'open') return null
  const refused = freshness.length > 0 && freshness.every((it) => it.status === 'forbidden')
  if (refused)
    return (
      <span className={styles['count']} title={t('noRight')}>
        —
      </span>
    )
  const waits = freshness.some((it) => it.status === 'loading')
  if (waits && total === 0) return null
  const failing = facets.filter((it) => it.tone === 'failed').reduce((sum, it) => sum + it.count, 0)
  return (
    <>
      {failing > 0 && <StatusMark tone="failed" label={t('failing', { count: failing })} />}
      <span className={styles['count']}>{countText(total)}</span>
    </>
  )
}
