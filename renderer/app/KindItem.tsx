import { IconStar, IconStarFilled } from '@tabler/icons-react'
import type { Place } from '#gateway/place.ts'
import { countText } from '../components/amounts.ts'
import { StatusMark } from '../components/StatusMark.tsx'
import { kindName } from '../data/kinds.ts'
import { isUnread, isUnreadable } from '../data/view-state.ts'
import { useView } from '../data/views.ts'
import { useTexts } from '../texts/texts.ts'
import { clusterColor, clusterInitials } from './cluster-color.ts'
import { pluralTitle } from './kind-groups.ts'
import type { MergedKind } from './merge-kinds.ts'
import { useClusterName } from './places.ts'
import { setPrefs, toggled, usePrefs } from './prefs.ts'
import { hrefOf, useRoute, type ListRoute } from './route.ts'
import styles from './KindTree.module.css'

interface ItemProps {
  readonly kind: MergedKind
  readonly places: readonly Place[]
  /** Chosen where one looks; kinds of the whole cluster have none. */
  readonly namespaces: readonly string[] | undefined
}

/** One kind of the tree with how many there are, and a mark where some of them fail. */
export function KindItem({ kind, places, namespaces: kept }: ItemProps) {
  const route = useRoute()
  const t = useTexts('frame')
  const { favourites } = usePrefs()
  const name = kindName(kind)
  const liked = favourites.includes(name)
  const namespaces = kind.namespaced ? kept : undefined
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
        title={[`${title} (${name}/${version})`, ...(namespaces ?? [])].join(' · ')}
        {...(current && { 'aria-current': 'page' })}
      >
        <span className={styles['name']}>{title}</span>
        {kind.partly && <ServedBy places={kind.servedBy} />}
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

/** Where several clusters are looked at and not all have the kind: those that do, in their colours. */
function ServedBy({ places }: { places: readonly Place[] }) {
  const t = useTexts('frame')
  const clusterName = useClusterName()
  const clusters = [...new Set(places.map((it) => it.cluster))]
  const text = t('kindOnlyIn', { clusters: clusters.map(clusterName).join(', ') })
  return (
    <span className={styles['served']} title={text}>
      <span className="gh-visually-hidden">{text}</span>
      {clusters.map((it) => (
        <i
          key={it}
          aria-hidden
          style={{ background: clusterColor(it) }}
          data-initials={clusterInitials(it)}
        />
      ))}
    </span>
  )
}

function Count({ target }: { target: ListRoute }) {
  const t = useTexts('frame')
  const { kind, places, namespaces } = target
  const { status, total, tones, freshness } = useView({
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
  const [unread] = freshness.filter(isUnreadable)
  if (unread && total === 0)
    return (
      <span className={styles['count']} {...(unread.reason && { title: unread.reason })}>
        …
      </span>
    )
  if (freshness.some(isUnread) && total === 0) return null
  const { failed: failing = 0 } = tones
  return (
    <>
      {failing > 0 && <StatusMark tone="failed" label={t('failing', { count: failing })} />}
      <span className={styles['count']}>{countText(total)}</span>
    </>
  )
}
