import type { KeyboardEvent, PointerEvent } from 'react'
import { useTexts } from '../texts/texts.ts'
import { DockPane } from './DockPane.tsx'
import { DockTabs } from './DockTabs.tsx'
import { setDockHeight, useDock } from './dock.ts'
import styles from './DockArea.module.css'

/** Tabs that outlive every screen: terminals, logs, editors, drains. */
export function DockArea() {
  const { tabs, activeId, besideId, size, height } = useDock()
  const t = useTexts('frame')
  if (tabs.length === 0) return null
  return (
    <section
      className={styles['dock']}
      data-size={size}
      style={size === 'open' ? { height } : undefined}
      aria-label={t('dock')}
    >
      {size === 'open' && <HeightHandle height={height} label={t('dockHeight')} />}
      <DockTabs tabs={tabs} activeId={activeId} besideId={besideId} size={size} />
      <div
        className={styles['panes']}
        hidden={size === 'closed'}
        data-sides={besideId === undefined ? 1 : 2}
      >
        {tabs.map((tab) => (
          <DockPane
            key={tab.id}
            tab={tab}
            visible={size !== 'closed' && (tab.id === activeId || tab.id === besideId)}
            beside={tab.id === besideId}
          />
        ))}
      </div>
    </section>
  )
}

function HeightHandle({ height, label }: { height: number; label: string }) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const start = event.clientY
    const target = event.currentTarget
    target.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent) => {
      setDockHeight(height + start - moved.clientY)
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
    if (key === 'ArrowUp') setDockHeight(height + 20)
    if (key === 'ArrowDown') setDockHeight(height - 20)
  }
  return (
    <div
      className={styles['edge']}
      role="separator"
      aria-orientation="horizontal"
      aria-label={label}
      aria-valuenow={height}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={step}
    />
  )
}
