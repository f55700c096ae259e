import type { Forward } from '#bridge/forwards.ts'
import type { SessionState } from '#bridge/session.ts'
import type { Context } from '#gateway/contexts.ts'

export interface TrayState {
  readonly session: SessionState
  readonly contexts: readonly Pick<Context, 'clusterId' | 'clusterName' | 'profileName'>[]
  readonly forwards: readonly Forward[]
  /** Shells on this machine, each for a cluster. */
  readonly terminals: readonly { readonly cluster: string; readonly profile: string }[]
  /** Sessions at gateways other than the one that is looked at. */
  readonly others: readonly OtherSession[]
}

export interface OtherSession {
  readonly gatewayId: string
  readonly address: string
  readonly person: string
}

/** One line of the tray's menu; without an action it only says something. */
export type TrayLine =
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'line' }
  | { readonly kind: 'do'; readonly label: string; readonly action: TrayAction }

export type TrayAction =
  | { readonly do: 'open'; readonly path?: string }
  /** Looks at another gateway; what is open at this one ends. */
  | { readonly do: 'switch'; readonly gatewayId: string }
  | { readonly do: 'sign out' }
  | { readonly do: 'quit' }

const shownAtMost = 12

/** What the tray says and offers; a click on the icon itself means nothing on some systems. */
export function trayLines(state: TrayState): TrayLine[] {
  const { session, contexts, forwards, terminals, others } = state
  const signedIn = session.status === 'signed in'
  return [
    { kind: 'text', label: sessionLabel(session) },
    ...(signedIn && contexts.length > 0 ? [line, ...contextLines(contexts)] : []),
    ...(forwards.length > 0 ? [line, ...forwardLines(forwards)] : []),
    ...(terminals.length > 0 ? [line, ...terminalLines(terminals)] : []),
    ...(others.length > 0 ? [line, ...otherLines(others)] : []),
    line,
    { kind: 'do', label: 'Open Gatehouse', action: { do: 'open' } },
    ...(signedIn ? [{ kind: 'do', label: 'Sign out', action: { do: 'sign out' } } as const] : []),
    { kind: 'do', label: 'Quit', action: { do: 'quit' } },
  ]
}

export const trayTip = (state: TrayState): string =>
  state.forwards.length === 0
    ? `Gatehouse: ${sessionLabel(state.session)}`
    : `Gatehouse: ${String(state.forwards.length)} ${state.forwards.length === 1 ? 'forward' : 'forwards'}`

const line = { kind: 'line' } as const

function sessionLabel(session: SessionState): string {
  switch (session.status) {
    case 'no gateway':
      return 'No gateway yet'
    case 'signed out':
      return `Signed out of ${hostOf(session.address)}`
    case 'signed in':
      return `${plain(session.person.name)} at ${hostOf(session.address)}${session.trouble === undefined ? '' : ' (unreachable)'}`
  }
}

function contextLines(contexts: TrayState['contexts']): TrayLine[] {
  const shown = contexts.slice(0, shownAtMost).map(({ clusterId, clusterName, profileName }) => ({
    kind: 'do' as const,
    label: `${plain(clusterName)} · ${plain(profileName)}`,
    action: { do: 'open' as const, path: `/c/${clusterId}@${profileName}` },
  }))
  return [...shown, ...rest(contexts.length, 'clusters')]
}

function forwardLines(forwards: readonly Forward[]): TrayLine[] {
  const shown = forwards.slice(0, shownAtMost).map((it) => ({
    kind: 'do' as const,
    label: `localhost:${String(it.localPort)} → ${plain(it.namespace)}/${plain(it.pod)}:${String(it.port)}${it.status === 'open' ? '' : ` (${it.status})`}`,
    action: { do: 'open' as const, path: '/forwards' },
  }))
  return [...shown, ...rest(forwards.length, 'forwards')]
}

function terminalLines(terminals: TrayState['terminals']): TrayLine[] {
  const shown = terminals.slice(0, shownAtMost).map(({ cluster, profile }) => ({
    kind: 'do' as const,
    label: `Terminal: ${plain(cluster)} · ${plain(profile)}`,
    action: { do: 'open' as const },
  }))
  return [...shown, ...rest(terminals.length, 'terminals')]
}

function otherLines(others: readonly OtherSession[]): TrayLine[] {
  const shown = others.slice(0, shownAtMost).map(({ gatewayId, address, person }) => ({
    kind: 'do' as const,
    label: `Switch to ${plain(person)} at ${hostOf(address)}`,
    action: { do: 'switch' as const, gatewayId },
  }))
  return [...shown, ...rest(others.length, 'gateways')]
}

const rest = (count: number, what: string): TrayLine[] =>
  count > shownAtMost
    ? [{ kind: 'text', label: `and ${String(count - shownAtMost)} more ${what}` }]
    : []

const hostOf = (address: string) => address.replace(/^https:\/\//, '')

/** Names come from clusters: one line, not too long, and no ampersand that would underline a letter. */
const plain = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .slice(0, 60)
    .replace(/&/g, '&&')
