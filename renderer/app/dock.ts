import { create } from 'zustand'
import type { ObjectRef, Place, Tone } from '#gateway/place.ts'
import type { LogsInput, TerminalInput } from '#gateway/streams.ts'
import { closeSide, showSide, toggleSides, type DockSides } from './dock-sides.ts'

/** What a tab of the dock shows. */
type DockContent =
  | { readonly kind: 'terminal'; readonly input: TerminalInput }
  | { readonly kind: 'local-terminal'; readonly namespace?: string }
  /** `leftOut`: how many of the chosen pods one log has no room for. */
  | { readonly kind: 'logs'; readonly input: LogsInput; readonly leftOut?: number }
  | { readonly kind: 'editor'; readonly target: ObjectRef }
  | { readonly kind: 'apply'; readonly namespace?: string; readonly text?: string }
  | { readonly kind: 'drain'; readonly node: string }

export type NewDockTab = DockContent & {
  readonly title: string
  readonly place: Place
  readonly tone?: Tone
}
export type DockTab = NewDockTab & { readonly id: string }
export type DockTabOf<K extends DockTab['kind']> = Extract<DockTab, { kind: K }>

export interface DockState extends DockSides {
  readonly tabs: readonly DockTab[]
  readonly size: 'closed' | 'open' | 'full'
  /** In pixels, while `open`. */
  readonly height: number
}

const heightKey = 'gatehouse.dock.height'
/** Pixels: of its height, and of what it leaves to the view. */
export const dockHeights = { least: 120, spared: 160, first: 280 }

export const useDock = create<DockState>(() => ({
  tabs: [],
  activeId: undefined,
  besideId: undefined,
  size: 'closed',
  height: Math.max(dockHeights.least, Number(localStorage.getItem(heightKey)) || dockHeights.first),
}))

let lastId = 0

/** Opens a tab and shows it; a pane that shows the same already is shown instead. */
export function openDockTab(tab: NewDockTab): void {
  const { tabs } = useDock.getState()
  const same = tabs.find((it) => isSingle(it) && sameTab(it, tab))
  if (same) return showDockTab(same.id)
  lastId += 1
  const id = String(lastId)
  useDock.setState({ tabs: [...tabs, { ...tab, id }] })
  showDockTab(id)
}

export function showDockTab(id: string): void {
  useDock.setState((it) => ({
    ...showSide(it, id),
    size: it.size === 'closed' ? 'open' : it.size,
  }))
}

/** Two tabs side by side, or one again. */
export function toggleDockSides(): void {
  useDock.setState((it) =>
    toggleSides(
      it,
      it.tabs.map(({ id }) => id),
    ),
  )
}

export function closeDockTab(id: string): void {
  const { tabs, size, ...sides } = useDock.getState()
  const left = tabs.filter((it) => it.id !== id)
  const ids = tabs.map((it) => it.id)
  useDock.setState({
    ...closeSide(sides, id, ids),
    tabs: left,
    size: left.length === 0 ? 'closed' : size,
  })
}

export function setDockTabTone(id: string, tone: Tone): void {
  useDock.setState(({ tabs }) => ({
    tabs: tabs.map((it) => (it.id === id && it.tone !== tone ? { ...it, tone } : it)),
  }))
}

/** For panes whose subject becomes known later: the container that was entered. */
export function setDockTabTitle(id: string, title: string): void {
  useDock.setState(({ tabs }) => ({
    tabs: tabs.map((it) => (it.id === id && it.title !== title ? { ...it, title } : it)),
  }))
}

export function setDockSize(size: DockState['size']): void {
  useDock.setState({ size })
}

export function setDockHeight(height: number): void {
  const { least, spared } = dockHeights
  const whole = Math.round(Math.max(least, Math.min(height, window.innerHeight - spared)))
  localStorage.setItem(heightKey, String(whole))
  useDock.setState({ height: whole, size: 'open' })
}

/** Two editors of one object would overwrite each other; two shells in one pod are fine. */
const isSingle = (tab: NewDockTab) => tab.kind === 'editor' || tab.kind === 'drain'

function sameTab(a: NewDockTab, b: NewDockTab): boolean {
  const subject = (it: NewDockTab) =>
    JSON.stringify({ ...it, tone: undefined, title: undefined, id: undefined })
  return subject(a) === subject(b)
}
