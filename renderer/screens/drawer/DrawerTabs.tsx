import type { KeyboardEvent } from 'react'
import { drawerTabs as tabs, type DrawerTab } from '#bridge/drawer-tabs.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './drawer.module.css'

export function DrawerTabs({ tab, onTab }: { tab: DrawerTab; onTab: (tab: DrawerTab) => void }) {
  const t = useTexts('drawer')
  const step = (event: KeyboardEvent<HTMLElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]
    if (by === 0 || !next) return
    event.preventDefault()
    onTab(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus()
  }
  return (
    <div className={styles['tabs']} role="tablist" onKeyDown={step}>
      {tabs.map((it) => (
        <button
          key={it}
          type="button"
          role="tab"
          data-tab={it}
          aria-selected={it === tab}
          tabIndex={it === tab ? 0 : -1}
          onClick={() => {
            onTab(it)
          }}
        >
          {t(`tabs.${it}`)}
        </button>
      ))}
    </div>
  )
}
