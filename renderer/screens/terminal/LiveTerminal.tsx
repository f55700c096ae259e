import { NativeSelect } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { clusterColor } from '../../app/cluster-color.ts'
import { dockFocusKeys } from '../../app/dock-focus.ts'
import { setDockTabTitle, setDockTabTone, type DockTabOf } from '../../app/dock.ts'
import { copyText } from '../../components/copy-text.ts'
import { KeyHint } from '../../components/KeyHint.tsx'
import { PaneBar, PaneNote, PaneSpace } from '../../components/PaneBar.tsx'
import { longestPaste, needsLook, type Paste } from '../../components/terminal/paste.ts'
import styles from '../../components/terminal/Terminal.module.css'
import { desktop } from '../../data/bridge.ts'
import { containersOf } from '../../data/terminal/containers.ts'
import type { SessionAsk, SessionStatus } from '../../data/terminal/session.ts'
import { useTexts } from '../../texts/texts.ts'
import { AccessEnd } from './AccessEnd.tsx'
import { askOf } from './ask.ts'
import { localCommands, quickCommands } from './quick-commands.ts'
import { LinkDialog, PasteDialog } from './TerminalDialogs.tsx'
import { TerminalNotice } from './TerminalNotice.tsx'
import { TerminalSearch } from './TerminalSearch.tsx'
import { TerminalTools } from './TerminalTools.tsx'
import { useTerminal } from './use-terminal.ts'

type TerminalTab = DockTabOf<'terminal'> | DockTabOf<'local-terminal'>

interface LiveTerminalProps {
  readonly tab: TerminalTab
  readonly visible: boolean
  readonly firstAsk: SessionAsk
}

export function LiveTerminal({ tab, visible, firstAsk }: LiveTerminalProps) {
  const t = useTexts('terminal')
  const [title, setTitle] = useState('')
  const [paste, setPaste] = useState<Paste>()
  const [link, setLink] = useState<string>()
  const [hits, setHits] = useState({ nth: 0, of: 0 })
  const [searching, setSearching] = useState(false)
  const [reader, setReader] = useState(false)
  const [quick, setQuick] = useState(false)

  const { box, terminal, state } = useTerminal(firstAsk, visible, {
    again: t('again'),
    ears: {
      titled: setTitle,
      linked: (address) => {
        // In the app, main asks in a window of its own.
        if (desktop) void desktop.shell.openExternal({ url: address })
        else setLink(address)
      },
      searched: setHits,
      find: () => {
        setSearching(true)
      },
      pasted: (it) => {
        if (it.text.length > longestPaste) notifications.show({ message: t('pasteTooLong') })
        else if (needsLook(it, screen?.takesPastes ?? false)) setPaste(it)
        else screen?.paste(it.text)
      },
    },
  })
  const screen = terminal?.screen
  const { now, container } = state
  useTabState(tab, now, container)
  useEffect(() => {
    screen?.setReader(reader)
  }, [screen, reader])

  const endSearch = () => {
    setSearching(false)
    screen?.endFind()
  }
  const copy = async () => {
    const output = screen?.output() ?? ''
    await copyText(output)
    notifications.show({ message: t(output === '' ? 'nothingToCopy' : 'copied') })
  }

  return (
    <div className={styles['pane']}>
      <span
        className={styles['stripe']}
        style={{ background: clusterColor(tab.place.cluster) }}
        aria-hidden
      />
      <PaneBar label={t('tools')}>
        {tab.kind === 'terminal' && tab.input.mode !== 'debug' && (
          <ContainerSelect
            tab={tab}
            container={container ?? tab.input.container}
            onChoose={(it) => terminal?.session.reopen(askOf(tab, it))}
          />
        )}
        <PaneNote>{title}</PaneNote>
        <PaneSpace />
        <AccessEnd place={tab.place} />
        <TerminalTools
          quick={quick}
          searching={searching}
          reader={reader}
          onQuick={setQuick}
          onSearch={(on) => {
            if (on) setSearching(true)
            else endSearch()
          }}
          onReader={setReader}
          onCopy={() => void copy()}
          onClear={() => screen?.clear()}
        />
      </PaneBar>
      {quick && (
        <QuickCommands
          commands={tab.kind === 'terminal' ? quickCommands : localCommands}
          disabled={now.status !== 'open'}
          onRun={(it) => screen?.run(it)}
        />
      )}
      {searching && (
        <TerminalSearch
          hits={hits}
          onFind={(text, forwards) => screen?.find(text, forwards)}
          onClose={endSearch}
        />
      )}
      <TerminalNotice
        now={now}
        attached={tab.kind === 'terminal' && tab.input.mode === 'attach'}
        onReopen={() => terminal?.session.reopen()}
      />
      <div
        ref={box}
        className={styles['screen']}
        role="group"
        aria-label={t('screen')}
        aria-describedby={`leave-${tab.id}`}
      />
      <span id={`leave-${tab.id}`} hidden>
        <KeyHint keys={dockFocusKeys} /> {t('leave')}
      </span>
      {paste && (
        <PasteDialog
          paste={paste}
          onClose={() => {
            setPaste(undefined)
          }}
          onPaste={() => {
            setPaste(undefined)
            screen?.paste(paste.text)
          }}
        />
      )}
      {link !== undefined && (
        <LinkDialog
          address={link}
          onClose={() => {
            setLink(undefined)
          }}
          onOpen={() => {
            setLink(undefined)
            window.open(link, '_blank', 'noopener,noreferrer')
          }}
        />
      )}
    </div>
  )
}

/** The tab tells how its program is, and where it runs. */
function useTabState(tab: TerminalTab, now: SessionStatus, container: string | undefined): void {
  useEffect(() => {
    setDockTabTone(tab.id, toneOf(now))
  }, [tab.id, now])
  const pod = tab.kind === 'terminal' ? tab.input.pod : undefined
  useEffect(() => {
    if (pod !== undefined && container !== undefined)
      setDockTabTitle(tab.id, `${pod} / ${container}`)
  }, [tab.id, pod, container])
}

function toneOf(now: SessionStatus) {
  switch (now.status) {
    case 'opening':
    case 'waiting':
      return 'progress'
    case 'open':
      return 'ok'
    case 'exited':
      return now.code === 0 ? 'done' : 'failed'
    case 'lost':
      return 'warning'
    case 'closed':
      return 'failed'
  }
}

function ContainerSelect(props: {
  tab: DockTabOf<'terminal'>
  container: string | undefined
  onChoose: (container: string) => void
}) {
  const t = useTexts('terminal')
  const { tab, container, onChoose } = props
  const { data: names = [] } = useQuery(containersOf(tab.input))
  if (names.length < 2) return null
  return (
    <NativeSelect
      size="xs"
      aria-label={t('container')}
      value={container ?? names[0] ?? ''}
      data={names}
      onChange={(event) => {
        onChoose(event.currentTarget.value)
      }}
    />
  )
}

interface QuickCommandsProps {
  readonly commands: readonly string[]
  readonly disabled: boolean
  readonly onRun: (command: string) => void
}

function QuickCommands({ commands, disabled, onRun }: QuickCommandsProps) {
  const t = useTexts('terminal')
  return (
    <div className={styles['quick']} role="group" aria-label={t('quick')}>
      {commands.map((it) => (
        <button
          key={it}
          type="button"
          className={styles['command']}
          disabled={disabled}
          title={`${t('quickHint')}: ${it}`}
          onClick={() => {
            onRun(it)
          }}
        >
          {it}
        </button>
      ))}
    </div>
  )
}
