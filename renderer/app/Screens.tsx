import { Suspense, useEffect } from 'react'
import { EmptyState } from '../components/EmptyState.tsx'
import { Loading } from '../components/Loading.tsx'
import { useSession } from '../data/session.ts'
import { useTexts } from '../texts/texts.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { named } from './lazy.ts'
import { ListWithDrawer } from './ListWithDrawer.tsx'
import { useClusters, usePlaces } from './places.ts'
import { currentRoute, go, hrefOf, useRoute, type Route } from './route.ts'

const OverviewScreen = named(
  () => import('../screens/overview/OverviewScreen.tsx'),
  'OverviewScreen',
)
const AdminScreen = named(() => import('../screens/admin/AdminScreen.tsx'), 'AdminScreen')
const ForwardsScreen = named(
  () => import('../screens/forwards/ForwardsScreen.tsx'),
  'ForwardsScreen',
)
const SettingsScreen = named(
  () => import('../screens/settings/SettingsScreen.tsx'),
  'SettingsScreen',
)

/** The screen that the address names. */
export function Screens() {
  const route = useRoute()
  return (
    <ErrorBoundary resetKey={hrefOf(route)}>
      <Suspense fallback={<Loading />}>
        <Screen route={route} />
      </Suspense>
    </ErrorBoundary>
  )
}

function Screen({ route }: { route: Route }) {
  switch (route.screen) {
    case 'home':
    case 'sign-in':
      return <Home />
    case 'overview':
      return <OverviewScreen places={route.places} />
    case 'list':
      return <ListWithDrawer route={route} />
    case 'admin':
      return <AdminScreen page={route.page} filter={route.filter} />
    case 'forwards':
      return <ForwardsScreen />
    case 'settings':
      return <SettingsScreen />
    case 'unknown':
      return <Unknown />
  }
}

/** An administrator is who others are told to ask: they are shown where grants are given. */
function NoClusters() {
  const t = useTexts('overview')
  const session = useSession()
  if (session.status !== 'signed in' || !session.person.admin)
    return <EmptyState title={t('noClusters')} detail={t('noClustersDetail')} />
  const administer = () => {
    go({ screen: 'admin', page: 'grants' })
  }
  return (
    <EmptyState
      title={t('noClusters')}
      detail={t('noClustersAdmin')}
      actions={[{ label: t('administer'), run: administer }]}
    />
  )
}

/** Where somebody was last, else their first cluster. */
function Home() {
  const clusters = useClusters()
  const places = usePlaces()
  const known = places.length > 0 ? places : clusters.slice(0, 1).map((it) => it.place)
  // The address says what is looked at, so that the palette and the kinds know it too.
  useEffect(() => {
    // Since it was drawn, somebody may have gone elsewhere.
    if (known.length > 0 && currentRoute().screen === 'home')
      go({ screen: 'overview', places: known }, 'replace')
  })
  if (known.length === 0) return <NoClusters />
  return <Loading />
}

function Unknown() {
  const t = useTexts('errors')
  const home = () => {
    go({ screen: 'home' }, 'replace')
  }
  return (
    <EmptyState
      title={t('noScreen')}
      detail={t('noScreenDetail')}
      actions={[{ label: t('toStart'), run: home }]}
    />
  )
}
