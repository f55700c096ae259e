import { ActionIcon } from '@mantine/core'
import {
  IconArrowsDiagonal,
  IconArrowsDiagonalMinimize2,
  IconChevronDown,
  IconChevronUp,
  IconColumns2,
  IconEdit,
  IconFileText,
  IconPlayerEject,
  IconTerminal2,
  IconUpload,
  IconX,
} from '@tabler/icons-react'
import { useEffect, type KeyboardEvent } from 'react'
import { StatusMark } from '../components/StatusMark.tsx'
import { useTexts } from '../texts/texts.ts'
import { clusterColor } from './cluster-color.ts'
import {
  closeDockTab,
  setDockSize,
  showDockTab,
  toggleDockSides,
  type DockState,
  type DockTab,
} from './dock.ts'
import styles from './DockArea.module.css'

const icons = {
  terminal: IconTerminal2,
  'local-terminal': IconTerminal2,
  logs: IconFileText,
  editor: IconEdit,
  apply: IconUpload,
  drain: IconPlayerEject,
} as const

type DockTabsProps = Pick<DockState, 'tabs' | 'activeId' | 'besideId' | 'size'>

export function DockTabs({ tabs, activeId, besideId, size }: DockTabsProps) {
  const t = useTexts('frame')
  useEffect(() => {
    // With what closes it, which stands beside it.
    const tab = document.querySelector(`#dock-tab-${String(activeId)}`)?.parentElement
    tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [activeId, tabs.length])
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const at = tabs.findIndex((it) => it.id === activeId) + by
    const next = tabs[(at + tabs.length) % tabs.length]
    if (by === 0 || !next) return
    showDockTab(next.id)
    document.querySelector<HTMLElement>(`#dock-tab-${next.id}`)?.focus()
  }
  return (
    <div className={styles['bar']}>
      {/* What closes a tab stands beside it and is none: the list owns the tabs alone. */}
      <div
        role="tablist"
        aria-label={t('dockTabs')}
        aria-owns={tabs.map((it) => `dock-tab-${it.id}`).join(' ')}
      />
      <div className={styles['tabs']} onKeyDown={step}>
        {tabs.map((tab) => (
          <Tab key={tab.id} tab={tab} active={tab.id === activeId} beside={tab.id === besideId} />
        ))}
      </div>
      {tabs.length > 1 && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t('dockSides')}
          aria-pressed={besideId !== undefined}
          title={t('dockSides')}
          onClick={toggleDockSides}
        >
          <IconColumns2 size={14} />
        </ActionIcon>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={size === 'full' ? t('dockRestore') : t('dockMaximise')}
        title={size === 'full' ? t('dockRestore') : t('dockMaximise')}
        onClick={() => {
          setDockSize(size === 'full' ? 'open' : 'full')
        }}
      >
        {size === 'full' ? (
          <IconArrowsDiagonalMinimize2 size={14} />
        ) : (
          <IconArrowsDiagonal size={14} />
        )}
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={size === 'closed' ? t('dockOpen') : t('dockCollapse')}
        title={size === 'closed' ? t('dockOpen') : t('dockCollapse')}
        onClick={() => {
          setDockSize(size === 'closed' ? 'open' : 'closed')
        }}
      >
        {size === 'closed' ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />}
      </ActionIcon>
    </div>
  )
}

function Tab({ tab, active, beside }: { tab: DockTab; active: boolean; beside: boolean }) {
  const t = useTexts('frame')
  const Icon = icons[tab.kind]
  const close = () => {
    closeDockTab(tab.id)
  }
  return (
    <div className={styles['tab']} data-active={active} data-beside={beside}>
      <span
        className={styles['stripe']}
        style={{ background: clusterColor(tab.place.cluster) }}
        aria-hidden
      />
      <button
        type="button"
        role="tab"
        id={`dock-tab-${tab.id}`}
        aria-selected={active}
        aria-controls={`dock-pane-${tab.id}`}
        tabIndex={active ? 0 : -1}
        title={`${tab.title} · ${tab.place.cluster}@${tab.place.profile}`}
        onClick={() => {
          showDockTab(tab.id)
        }}
        onAuxClick={({ button }) => {
          if (button === 1) close()
        }}
        onKeyDown={({ key }) => {
          if (key === 'Delete') close()
        }}
      >
        <Icon size={14} aria-hidden />
        <span className={styles['tabTitle']}>{tab.title}</span>
        {tab.tone && <StatusMark tone={tab.tone} />}
      </button>
      <button
        type="button"
        className={styles['close']}
        aria-label={t('dockClose', { title: tab.title })}
        tabIndex={-1}
        onClick={close}
      >
        <IconX size={12} aria-hidden />
      </button>
    </div>
  )
}
