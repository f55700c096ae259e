import { Menu } from '@mantine/core'
import { Fragment } from 'react'
import type { Place } from '#gateway/place.ts'
import { useTexts } from '../texts/texts.ts'
import { clusterColor } from './cluster-color.ts'
import { pluralTitle } from './kind-groups.ts'
import { placeOf, samePlace, useClusters } from './places.ts'
import { setPrefs, usePrefs } from './prefs.ts'
import { go, hrefOf, type ListRoute, type Route } from './route.ts'
import { useKindIn } from './use-kinds.ts'
import styles from './TopBar.module.css'

/** Cluster, profile, kind, object: each part leads there. */
export function Breadcrumb({ route }: { route: Route }) {
  const t = useTexts('frame')
  return (
    <nav className={styles['crumbs']} aria-label={t('breadcrumb')}>
      {(route.screen === 'list' || route.screen === 'overview') &&
        route.places.map((place, index) => (
          <Fragment key={`${place.cluster}@${place.profile}`}>
            {index > 0 && <span className={styles['slash']}>+</span>}
            <ClusterCrumb place={place} route={route} />
          </Fragment>
        ))}
      {route.screen === 'list' && <ListCrumbs route={route} />}
      {route.screen === 'overview' && (
        <>
          <span className={styles['slash']}>/</span>
          <h1>{t('overview')}</h1>
        </>
      )}
      {route.screen === 'admin' && <h1>{t('administration')}</h1>}
      {route.screen === 'forwards' && <h1>{t('forwards')}</h1>}
      {route.screen === 'settings' && <h1>{t('settings')}</h1>}
      {route.screen === 'unknown' && <h1>{t('nowhere')}</h1>}
    </nav>
  )
}

type ClusterRoute = Extract<Route, { screen: 'list' | 'overview' }>

function ClusterCrumb({ place, route }: { place: Place; route: ClusterRoute }) {
  const cluster = useClusters().find((it) => it.id === place.cluster)
  const profiles = usePrefs((it) => it.profiles)
  const t = useTexts('frame')
  const choose = (next: Place) => {
    setPrefs({ profiles: { ...profiles, [next.cluster]: next.profile } })
    go({ ...route, places: route.places.map((it) => (samePlace(it, place) ? next : it)) })
  }
  const choices = cluster?.contexts.map(placeOf) ?? []
  return (
    <>
      <a href={hrefOf({ screen: 'overview', places: [place] })}>
        <i
          className={styles['swatch']}
          style={{ background: clusterColor(place.cluster) }}
          aria-hidden
        />
        {cluster?.name ?? place.cluster}
      </a>
      {choices.length > 1 ? (
        <Menu position="bottom-start" transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <button type="button" className={styles['profile']} title={t('profileChoose')}>
              @{place.profile}
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {choices.map((it) => (
              <Menu.Item
                key={it.profile}
                onClick={() => {
                  choose(it)
                }}
              >
                {it.profile}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <span className={styles['quiet']}>@{place.profile}</span>
      )}
    </>
  )
}

function ListCrumbs({ route }: { route: ListRoute }) {
  const kind = useKindIn(route.places, route.kind)
  const { open: _, tab: __, full: ___, ...list } = route
  const title = kind ? pluralTitle(kind) : route.kind.resource
  return (
    <>
      <span className={styles['slash']}>/</span>
      {route.full && route.open ? (
        <>
          <a href={hrefOf(list)}>{title}</a>
          <span className={styles['slash']}>/</span>
          <h1>{route.open.name}</h1>
        </>
      ) : (
        <h1>{title}</h1>
      )}
    </>
  )
}
