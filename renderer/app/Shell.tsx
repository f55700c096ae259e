import { Suspense, useState } from 'react'
import { Loading } from '../components/Loading.tsx'
import type { Session } from '../data/session.ts'
import { useTexts } from '../texts/texts.ts'
import { ActionDialogs } from './actions/ActionDialogs.tsx'
import { ClusterRail } from './ClusterRail.tsx'
import { useCommands } from './commands.ts'
import { DockArea } from './DockArea.tsx'
import { setDockSize, useDock } from './dock.ts'
import { dockFocusKeys, stepDockFocus } from './dock-focus.ts'
import { KindTree } from './KindTree.tsx'
import { named } from './lazy.ts'
import { Palette } from './palette/Palette.tsx'
import { setPrefs, usePrefs } from './prefs.ts'
import { Screens } from './Screens.tsx'
import { TopBar } from './TopBar.tsx'
import { useThemeCommands } from './theme-commands.ts'
import { usePlaceCommands } from './use-place-commands.ts'
import styles from './Shell.module.css'

const KeyHelp = named(() => import('./KeyHelp.tsx'), 'KeyHelp')

type Overlay = { readonly status: 'none' | 'help' } | { readonly status: 'palette'; text: string }

/** The frame around every screen. */
export function Shell({ session }: { session: Extract<Session, { status: 'signed in' }> }) {
  const [overlay, setOverlay] = useState<Overlay>({ status: 'none' })
  const close = () => {
    setOverlay({ status: 'none' })
  }
  const open = (text: string) => {
    setOverlay({ status: 'palette', text })
  }
  useFrameCommands(open, () => {
    setOverlay({ status: 'help' })
  })
  useThemeCommands()
  usePlaceCommands(session.address)
  const treeOpen = usePrefs((it) => it.treeOpen)
  const t = useTexts('frame')
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#main" onClick={toMain}>
        {t('skip')}
      </a>
      <ClusterRail />
      {treeOpen && <KindTree />}
      <div className={styles['column']}>
        <TopBar
          session={session}
          onPalette={() => {
            open('')
          }}
        />
        <main id="main" className={styles['main']} tabIndex={-1}>
          <Screens />
        </main>
        <DockArea />
      </div>
      <ActionDialogs />
      {/* Not loaded when it is asked for: letters typed meanwhile would be keys of the list. */}
      {overlay.status === 'palette' && <Palette text={overlay.text} onClose={close} />}
      <Suspense fallback={<Loading />}>
        {overlay.status === 'help' && <KeyHelp onClose={close} />}
      </Suspense>
    </div>
  )
}

/** The hash is the route; a plain jump would change it. */
function toMain(event: { preventDefault(): void }) {
  event.preventDefault()
  document.querySelector<HTMLElement>('#main')?.focus()
}

function useFrameCommands(palette: (text: string) => void, help: () => void) {
  const t = useTexts('frame')
  const section = t('keysFrame')
  const dock = useDock()
  const treeOpen = usePrefs((it) => it.treeOpen)
  useCommands([
    {
      id: 'palette',
      title: t('palette'),
      keys: 'mod+k',
      section,
      quiet: true,
      run: () => {
        palette('')
      },
    },
    {
      id: 'palette-kinds',
      title: t('paletteKinds'),
      keys: ':',
      section,
      quiet: true,
      run: () => {
        palette(':')
      },
    },
    { id: 'help', title: t('keyHelp'), keys: '?', section, run: help },
    {
      id: 'tree',
      title: treeOpen ? t('treeHide') : t('treeShow'),
      keys: 'mod+b',
      section,
      run: () => {
        setPrefs({ treeOpen: !treeOpen })
      },
    },
    {
      id: 'dock',
      title: dock.size === 'closed' ? t('dockOpen') : t('dockCollapse'),
      keys: 'mod+j',
      section,
      refusal: dock.tabs.length === 0 ? t('dockEmpty') : undefined,
      run: () => {
        setDockSize(dock.size === 'closed' ? 'open' : 'closed')
      },
    },
    {
      id: 'dock-focus',
      title: t('dockFocus'),
      keys: dockFocusKeys,
      section,
      overTerminal: true,
      refusal: dock.tabs.length === 0 ? t('dockEmpty') : undefined,
      run: stepDockFocus,
    },
  ])
}
