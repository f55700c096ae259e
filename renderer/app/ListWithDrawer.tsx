import { Suspense, type KeyboardEvent, type PointerEvent } from 'react'
import type { ObjectRef } from '#gateway/place.ts'
import { Loading } from '../components/Loading.tsx'
import { useTexts } from '../texts/texts.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { named } from './lazy.ts'
import { setPrefs, usePrefs } from './prefs.ts'
import type { ListRoute } from './route.ts'
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

/** A list stays usable beside what was opened from it. */
export function ListWithDrawer({ route }: { route: ListRoute }) {
  const target = openedOf(route)
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
          {!full && <WidthHandle width={width} />}
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

const bounds = { least: 380, list: 320 }

function WidthHandle({ width }: { width: number }) {
  const t = useTexts('drawer')
  const set = (next: number) => {
    const most = Math.max(bounds.least, window.innerWidth - bounds.list - 270)
    setPrefs({ drawerWidth: Math.round(Math.min(most, Math.max(bounds.least, next))) })
  }
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const start = event.clientX
    const target = event.currentTarget
    target.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent) => {
      set(width + start - moved.clientX)
    }
    target.addEventListener('pointermove', move)
    target.addEventListener(
      'lostpointercapture',
      () => {
        target.removeEventListener('pointermove', move)
      },
      { once: true },
    )
  }
  const step = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowLeft') set(width + 20)
    if (key === 'ArrowRight') set(width - 20)
  }
  return (
    <div
      className={styles['edge']}
      role="separator"
      aria-orientation="vertical"
      aria-label={t('width')}
      aria-valuenow={width}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={step}
    />
  )
}
