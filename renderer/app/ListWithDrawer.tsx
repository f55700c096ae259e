import { Suspense } from 'react'
import type { ObjectRef } from '#gateway/place.ts'
import { Loading } from '../components/Loading.tsx'
import { ResizeHandle } from '../components/ResizeHandle.tsx'
import { useTexts } from '../texts/texts.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { named } from './lazy.ts'
import { setPrefs, usePrefs } from './prefs.ts'
import type { ListRoute } from './route.ts'
import { useRememberedList } from './use-remembered-list.ts'
import styles from './ListWithDrawer.module.css'

const ListScreen = named(() => import('../screens/list/ListScreen.tsx'), 'ListScreen')
const DrawerScreen = named(() => import('../screens/drawer/DrawerScreen.tsx'), 'DrawerScreen')

/** The object that the address opens beside its list. */
function openedOf({ open, places, kind }: ListRoute): ObjectRef | undefined {
  const place = open?.place ?? places[0]
  if (!open || !place) return undefined
  const { name, namespace } = open
  return { ...place, ...kind, name, ...(namespace && { namespace }) }
}

/** The list needs 320 pixels, and the rail and the tree 270. */
const widths = { least: 380, spared: 590, first: usePrefs.getInitialState().drawerWidth }

/** A list stays usable beside what was opened from it. */
export function ListWithDrawer({ route }: { route: ListRoute }) {
  const t = useTexts('drawer')
  const target = openedOf(route)
  useRememberedList(route)
  const width = usePrefs((it) => it.drawerWidth)
  const full = target !== undefined && route.full === true
  return (
    <div className={styles['split']}>
      {!full && (
        <div className={styles['list']}>
          <ListScreen route={route} />
        </div>
      )}
      {target && (
        <aside
          className={styles['drawer']}
          data-full={full}
          style={full ? undefined : { width }}
          aria-label={target.name}
        >
          {!full && (
            <ResizeHandle
              edge="left"
              label={t('width')}
              size={width}
              {...widths}
              onSize={(it) => {
                setPrefs({ drawerWidth: it })
              }}
            />
          )}
          <ErrorBoundary resetKey={JSON.stringify(target)}>
            <Suspense fallback={<Loading />}>
              <DrawerScreen route={route} target={target} />
            </Suspense>
          </ErrorBoundary>
        </aside>
      )}
    </div>
  )
}
