import { ResizeHandle } from '../components/ResizeHandle.tsx'
import { useTexts } from '../texts/texts.ts'
import { DockPane } from './DockPane.tsx'
import { DockTabs } from './DockTabs.tsx'
import { dockHeights, setDockHeight, useDock } from './dock.ts'
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
      {size === 'open' && (
        <ResizeHandle
          edge="top"
          label={t('dockHeight')}
          size={height}
          {...dockHeights}
          onSize={setDockHeight}
        />
      )}
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
