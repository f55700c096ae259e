import type { Reach } from '#gateway/clusters.ts'

/** How a cluster is reached, as it is typed: what is empty is not said. */
export interface ReachDraft {
  readonly address: string
  readonly caPem: string
  readonly serverName: string
  readonly proxyUrl: string
}

export const emptyReach: ReachDraft = { address: '', caPem: '', serverName: '', proxyUrl: '' }

/** What of it is said to the gateway. */
export function reachOf({ address, caPem, serverName, proxyUrl }: ReachDraft): Reach {
  return { address: address.trim(), ...given({ caPem, serverName, proxyUrl }) }
}

/** Only what is there and other than before: the gateway takes everything it is told for a move. */
export function changedFrom<T extends Readonly<Record<string, string>>>(
  before: T,
  draft: T,
): Partial<T> {
  const changed = Object.entries(draft).filter(([field, value]) => value !== before[field])
  return given(Object.fromEntries(changed)) as Partial<T>
}

/** What is not empty, without spaces around it. */
export function given<T extends Readonly<Record<string, string>>>(draft: T): Partial<T> {
  const filled = Object.entries(draft).map(([field, value]) => [field, value.trim()] as const)
  return Object.fromEntries(filled.filter(([, value]) => value !== '')) as Partial<T>
}
