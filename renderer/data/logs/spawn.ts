// oxlint-disable-next-line import/default -- the bundler answers with an address
import workerUrl from './worker.ts?worker&url'
import type { DeskAnswer, DeskAsk } from './messages.ts'

export interface DeskLine {
  send(ask: DeskAsk): void
  close(): void
}

/** What the page’s policy wants of an address before a program is loaded from it. */
interface Policy {
  createScriptURL(address: string): string
}

interface Policies {
  createPolicy(name: string, rules: Policy): Policy
}

let policy: Policy | undefined

/** Our own worker files only: of this origin. */
const rules: Policy = {
  createScriptURL: (address) => {
    const url = new URL(address, window.location.href)
    if (url.origin !== window.location.origin)
      throw new TypeError('A worker is loaded from this app only')
    return url.href
  },
}

function trusted(address: string): string {
  const { trustedTypes } = window as unknown as { trustedTypes?: Policies }
  policy ??= trustedTypes?.createPolicy('gatehouse-worker', rules) ?? rules
  return policy.createScriptURL(address)
}

/** Starts the worker that keeps the lines of one pane. */
export function spawnDesk(hear: (answer: DeskAnswer) => void): DeskLine {
  const worker = new Worker(trusted(workerUrl), { type: 'module', name: 'logs' })
  worker.addEventListener('message', ({ data }: MessageEvent<DeskAnswer>) => {
    hear(data)
  })
  return {
    send: (ask) => {
      worker.postMessage(ask)
    },
    close: () => {
      worker.terminate()
    },
  }
}
