import { setDockSize, useDock } from './dock.ts'

/** Leads out of the dock and back into it; taken from a terminal too, as no shell uses it. */
export const dockFocusKeys = 'mod+f6'

/** What one works in comes before the tools above it. */
const inside = [
  '.xterm-helper-textarea',
  '.cm-content, textarea',
  '[tabindex="0"], input, select, button',
] as const

/** From the dock to the view, from anywhere else into the dock. */
export function stepDockFocus(): void {
  const { activeId, size } = useDock.getState()
  if (activeId === undefined) return
  const pane = document.querySelector(`#dock-pane-${activeId}`)
  const isWithin = document.activeElement?.closest('[role="tabpanel"]')?.id.startsWith('dock-pane-')
  if (isWithin !== true) {
    if (size === 'closed') setDockSize('open')
    // A pane that was hidden can take the focus only once it is drawn.
    requestAnimationFrame(() => {
      if (pane) focusIn(pane)
    })
    return
  }
  // A dock over everything covers the view: its tabs are the way on.
  if (size === 'full') document.querySelector<HTMLElement>(`#dock-tab-${activeId}`)?.focus()
  else focusView()
}

function focusView(): void {
  const row = document.querySelector<HTMLElement>('#main [role="row"][tabindex="0"]')
  const view = row ?? document.querySelector<HTMLElement>('#main')
  view?.focus()
}

function focusIn(pane: Element): void {
  for (const selector of inside) {
    const found = pane.querySelector<HTMLElement>(selector)
    if (found) return found.focus()
  }
}
