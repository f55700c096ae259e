import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react'
import { TerminalScreen, type ScreenEars } from '../../components/terminal/screen.ts'
import { openStream } from '../../data/bridge.ts'
import { TerminalSession, type SessionAsk, type SessionState } from '../../data/terminal/session.ts'

export interface OpenTerminal {
  readonly screen: TerminalScreen
  readonly session: TerminalSession
}

type PaneEars = Pick<ScreenEars, 'titled' | 'pasted' | 'linked' | 'searched' | 'find'>

const before: SessionState = { now: { status: 'opening' }, container: undefined }
const silence = () => () => undefined
/** While a window is dragged, the program is told only where it ended. */
const resizePause = 120

interface TerminalHook {
  readonly box: RefObject<HTMLDivElement | null>
  readonly terminal: OpenTerminal | undefined
  readonly state: SessionState
}

/** A screen and its connection, for as long as the pane is there. */
export function useTerminal(
  ask: SessionAsk,
  visible: boolean,
  { ears, again }: { ears: PaneEars; again: string },
): TerminalHook {
  const box = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const [terminal, setTerminal] = useState<OpenTerminal>()
  const latest = useRef({ ears, ask, scheme, again })
  useEffect(() => {
    latest.current = { ears, ask, scheme, again }
  })

  useEffect(() => {
    const element = box.current
    if (!element) return
    const made = openTerminal(element, latest)
    setTerminal(made)
    const observer = new ResizeObserver(() => {
      made.screen.fit()
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.session.close()
      made.screen.dispose()
      setTerminal(undefined)
    }
  }, [])

  useEffect(() => {
    terminal?.screen.show(visible)
  }, [terminal, visible])
  useEffect(() => {
    terminal?.screen.setScheme(scheme)
  }, [terminal, scheme])

  const state = useSyncExternalStore(
    terminal?.session.listen ?? silence,
    terminal?.session.state ?? (() => before),
  )
  return { box, terminal, state }
}

interface Latest {
  readonly ears: PaneEars
  readonly ask: SessionAsk
  readonly scheme: 'light' | 'dark'
  readonly again: string
}

function openTerminal(element: HTMLElement, latest: RefObject<Latest>): OpenTerminal {
  let pause: ReturnType<typeof setTimeout> | undefined
  let unsaid: Parameters<typeof session.resize>[0] | undefined
  const sayItsSize = () => {
    clearTimeout(pause)
    if (unsaid) session.resize(unsaid)
    unsaid = undefined
  }
  const after = (milliseconds: number, work: () => void) => {
    const timer = setTimeout(work, milliseconds)
    return () => {
      clearTimeout(timer)
    }
  }
  const screen = new TerminalScreen(element, latest.current.scheme, {
    typed: (bytes) => {
      // What is typed is meant for the size that is seen.
      sayItsSize()
      session.type(bytes)
    },
    resized: (size) => {
      clearTimeout(pause)
      unsaid = size
      pause = setTimeout(sayItsSize, resizePause)
    },
    titled: (title) => {
      latest.current.ears.titled(title)
    },
    pasted: (paste) => {
      latest.current.ears.pasted(paste)
    },
    linked: (address) => {
      latest.current.ears.linked(address)
    },
    searched: (hits) => {
      latest.current.ears.searched(hits)
    },
    find: () => {
      latest.current.ears.find()
    },
  })
  const session: TerminalSession = new TerminalSession(latest.current.ask, screen.size, {
    open: openStream,
    draw: (bytes, done) => {
      screen.draw(bytes, done)
    },
    again: () => {
      screen.draw(`\r\n\u001b[2m── ${latest.current.again} ──\u001b[0m\r\n`)
    },
    now: Date.now,
    after,
  })
  return { screen, session }
}
