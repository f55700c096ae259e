import type { DockTabOf } from '../../app/dock.ts'
import type { SessionAsk } from '../../data/terminal/session.ts'

type TerminalTab = DockTabOf<'terminal'> | DockTabOf<'local-terminal'>

/** What a tab opens; `container` when another one was chosen. */
export function askOf(tab: TerminalTab, container?: string): SessionAsk {
  if (tab.kind === 'terminal') {
    const { columns: _columns, rows: _rows, ...input } = tab.input
    return {
      name: 'terminal',
      input: { ...input, ...(container !== undefined && { container }) },
      tty: input.tty,
    }
  }
  const { cluster, profile } = tab.place
  const namespace = tab.namespace !== undefined && { namespace: tab.namespace }
  return { name: 'localTerminal', input: { cluster, profile, ...namespace }, tty: true }
}
