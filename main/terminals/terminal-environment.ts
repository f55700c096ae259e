import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Place } from '#gateway/place.ts'

interface TerminalSurroundings {
  /** The person's own environment. */
  readonly login: Readonly<Record<string, string>>
  readonly kubeconfig: string
  readonly place: Place
  /** Where tools keep what belongs to a place; it outlives terminals. */
  readonly homes: string
  /** Of the gateway: the same names at another one mean something else. */
  readonly address: string
}

/** What would lead kubectl or helm elsewhere than to the place, and what is this app's own business. */
const withheld = [
  /^GATEHOUSE_/,
  /^ELECTRON_/,
  /^CHROME_/,
  /^HELM_KUBE/,
  /^KUBE(CONFIG|_CONTEXT|CONTEXT|CACHEDIR)$/,
  /^KUBERNETES_/,
  /^(NODE_OPTIONS|ORIGINAL_XDG_CURRENT_DESKTOP|NODE_ENV)$/,
]

/** The environment of a shell whose tools speak to one place; it holds no token of the gateway. */
export function terminalEnvironment(it: TerminalSurroundings): Record<string, string> {
  const kept = Object.entries(it.login).filter(([name]) => !withheld.some((no) => no.test(name)))
  const home = homeOf(it)
  return {
    ...Object.fromEntries(kept),
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    TERM_PROGRAM: 'Gatehouse',
    KUBECONFIG: it.kubeconfig,
    // kubectl remembers a cluster's kinds by host and port, which all places here have in common.
    KUBECACHEDIR: join(home, 'kube-cache'),
    HELM_CONFIG_HOME: join(home, 'helm', 'config'),
    HELM_DATA_HOME: join(home, 'helm', 'data'),
    HELM_CACHE_HOME: join(home, 'helm', 'cache'),
    /** For prompts. */
    GATEHOUSE_PLACE: `${it.place.cluster}@${it.place.profile}`,
  }
}

function homeOf({ homes, address, place }: TerminalSurroundings): string {
  const gateway = createHash('sha256').update(address).digest('hex').slice(0, 12)
  return join(homes, `${gateway}-${place.cluster}@${place.profile}`)
}
