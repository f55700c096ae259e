import '@xterm/xterm/css/xterm.css'
import type { DockTabOf } from '../../app/dock.ts'
import styles from '../../components/terminal/Terminal.module.css'
import { home } from '../../data/bridge.ts'
import { useTexts } from '../../texts/texts.ts'
import { askOf } from './ask.ts'
import { LiveTerminal } from './LiveTerminal.tsx'

type TerminalTab = DockTabOf<'terminal'> | DockTabOf<'local-terminal'>

/** A shell in a container, or on one’s own machine. */
export function TerminalPane({ tab, visible }: { tab: TerminalTab; visible: boolean }) {
  if (tab.kind === 'local-terminal' && home === 'web') return <DesktopOnly />
  return <LiveTerminal tab={tab} visible={visible} firstAsk={askOf(tab)} />
}

function DesktopOnly() {
  const t = useTexts('terminal')
  const getApp = useTexts('frame')('getApp')
  return (
    <div className={styles['absent']}>
      <h2>{t('desktopOnly')}</h2>
      <p>
        {t('desktopWhy')} {/* In a window of its own: what is open here shall stay open. */}
        <a href="/download" target="_blank" rel="noreferrer">
          {getApp}
        </a>
      </p>
    </div>
  )
}
