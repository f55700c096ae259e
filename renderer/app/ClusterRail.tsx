import { useQuery } from '@tanstack/react-query'
import { IconDeviceDesktopAnalytics, IconSettings, IconShieldLock } from '@tabler/icons-react'
import { useState, type DragEvent, type KeyboardEvent, type MouseEvent } from 'react'
import type { Tone } from '#gateway/place.ts'
import { StatusMark } from '../components/StatusMark.tsx'
import { home } from '../data/bridge.ts'
import { kindsOf } from '../data/kinds.ts'
import { useSession } from '../data/session.ts'
import { useIsStale } from '../data/views.ts'
import { useTexts } from '../texts/texts.ts'
import { clusterColor, clusterInitials } from './cluster-color.ts'
import { samePlace, useClusters, usePlaces, type Cluster } from './places.ts'
import { setPrefs } from './prefs.ts'
import { movedBy, movedTo } from './reorder.ts'
import { go, hrefOf, useRoute, type Route } from './route.ts'
import styles from './ClusterRail.module.css'

/** The clusters at the far left. With Ctrl or ⌘ one more is looked at, or one less. */
export function ClusterRail() {
  const clusters = useClusters()
  const [dragged, setDragged] = useState<string>()
  const t = useTexts('frame')
  const session = useSession()
  const ids = clusters.map((it) => it.id)
  const [moved, setMoved] = useState<string>()
  const order = (next: readonly string[]) => {
    setPrefs({ clusterOrder: next })
  }
  const step = (id: string, by: 1 | -1) => {
    order(movedBy(ids, id, by))
    setMoved(id)
  }
  const place = moved === undefined ? -1 : ids.indexOf(moved)
  return (
    <nav className={styles['rail']} aria-label={t('clusters')}>
      <ul className={styles['list']}>
        {clusters.map((it) => (
          <Tile
            key={it.id}
            cluster={it}
            onDrag={setDragged}
            onDrop={() => {
              if (dragged) order(movedTo(ids, dragged, it.id))
            }}
            onStep={(by) => {
              step(it.id, by)
            }}
            onLeave={() => {
              setMoved(undefined)
            }}
          />
        ))}
      </ul>
      <span className="gh-visually-hidden" role="status">
        {place >= 0 &&
          t('clusterMoved', {
            name: clusters[place]?.name ?? '',
            place: place + 1,
            count: clusters.length,
          })}
      </span>
      <RailLink
        route={{ screen: 'forwards' }}
        label={home === 'desktop' ? t('forwards') : t('getApp')}
      >
        <IconDeviceDesktopAnalytics size={18} aria-hidden />
      </RailLink>
      {session.status === 'signed in' && session.person.admin && (
        <RailLink route={{ screen: 'admin', page: 'clusters' }} label={t('administration')}>
          <IconShieldLock size={18} aria-hidden />
        </RailLink>
      )}
      <RailLink route={{ screen: 'settings' }} label={t('settings')}>
        <IconSettings size={18} aria-hidden />
      </RailLink>
    </nav>
  )
}

function RailLink(props: { route: Route; label: string; children: React.ReactNode }) {
  const { route, label, children } = props
  const current = useRoute().screen === route.screen
  return (
    <a
      className={styles['link']}
      href={hrefOf(route)}
      aria-label={label}
      title={label}
      {...(current && { 'aria-current': 'page' })}
    >
      {children}
    </a>
  )
}

interface TileProps {
  readonly cluster: Cluster
  readonly onDrag: (id: string) => void
  readonly onDrop: () => void
  readonly onStep: (by: 1 | -1) => void
  /** The focus goes to something else. */
  readonly onLeave: () => void
}

function Tile({ cluster, onDrag, onDrop, onStep, onLeave }: TileProps) {
  const { id, name, place } = cluster
  const places = usePlaces()
  const route = useRoute()
  const active = places.some((it) => it.cluster === id)
  const t = useTexts('frame')
  const state = useClusterState(cluster)

  const visit = (add: boolean) => {
    const others = places.filter((it) => it.cluster !== id)
    const next = !add ? [place] : active && others.length > 0 ? others : [...others, place]
    if (route.screen === 'list') {
      const { open: _, tab: __, full: ___, ...rest } = route
      go({ ...rest, places: next })
    } else go({ screen: 'overview', places: next })
  }
  const press = (event: MouseEvent) => {
    event.preventDefault()
    visit(event.ctrlKey || event.metaKey || event.shiftKey)
  }
  const type = (event: KeyboardEvent) => {
    if (event.key === ' ') visit(true)
    else if (event.altKey && event.key === 'ArrowUp') onStep(-1)
    else if (event.altKey && event.key === 'ArrowDown') onStep(1)
    else return
    event.preventDefault()
  }
  return (
    <li
      draggable
      onDragStart={() => {
        onDrag(id)
      }}
      onDragOver={(event: DragEvent) => {
        event.preventDefault()
      }}
      onDrop={onDrop}
    >
      <a
        className={styles['tile']}
        href={hrefOf({ screen: 'overview', places: [place] })}
        data-active={active}
        aria-label={t('clusterTile', { name, state: t(`clusterState.${state}`) })}
        title={t('clusterHint', { name, state: t(`clusterState.${state}`) })}
        {...(active && { 'aria-current': 'true' })}
        onClick={press}
        onKeyDown={type}
        onBlur={onLeave}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
      >
        <span
          className={styles['initials']}
          style={{ background: clusterColor(id) }}
          data-initials={clusterInitials(id)}
        />
        <span className={styles['state']}>
          <StatusMark tone={tones[state]} />
        </span>
      </a>
    </li>
  )
}

type ClusterState = 'asking' | 'reached' | 'stale' | 'failing'
const tones: Readonly<Record<ClusterState, Tone>> = {
  asking: 'done',
  reached: 'ok',
  stale: 'warning',
  failing: 'failed',
}

function useClusterState({ place, contexts }: Cluster): ClusterState {
  const known = contexts.some((it) =>
    samePlace(place, { cluster: it.clusterId, profile: it.profileName }),
  )
  const { status } = useQuery({ ...kindsOf(place), enabled: known })
  const isStale = useIsStale(place)
  if (status === 'pending') return 'asking'
  if (status === 'error') return 'failing'
  // The gateway may still tell what kinds there are while nothing of them is live.
  return isStale ? 'stale' : 'reached'
}
