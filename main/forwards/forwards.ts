import type { Forward as Shown } from '#bridge/forwards.ts'
import type { Place } from '#gateway/place.ts'
import { AppError } from '#gateway/errors.ts'
import type { GatewayLine } from '../gateway/line.ts'
import { Forward } from './forward.ts'

export interface StartForward extends Place {
  readonly namespace: string
  readonly pod: string
  readonly port: number
  readonly localPort?: number | undefined
}

export interface Forwards {
  list(): Shown[]
  start(input: StartForward): Promise<Shown>
  /** Unknown ones are stopped already. */
  stop(input: { readonly id: string }): Promise<void>
  close(): Promise<void>
}

const mostForwards = 50
/** Milliseconds between two tellings: counters move with every byte. */
const pace = 250

/** The forwards of one session; they end with it, and stay listed with the reason until they are stopped. */
export function createForwards(
  line: GatewayLine,
  onChange: (forwards: readonly Shown[]) => void,
): Forwards {
  const forwards = new Map<string, Forward>()
  let telling: NodeJS.Timeout | undefined
  let isOver = false
  const list = () => [...forwards.values()].map((it) => it.shown)
  const changed = () => {
    telling ??= setTimeout(() => {
      telling = undefined
      onChange(list())
    }, pace)
  }
  const stopAll = (reason: string) => {
    isOver = true
    return Promise.all([...forwards.values()].map((it) => it.stop(reason)))
  }
  const stopListening = line.onEnd(() => void stopAll('You are signed out of the gateway'))
  return {
    list,
    async start({ localPort, ...to }) {
      if (isOver) throw new AppError('unauthenticated', 'You are signed out of the gateway')
      if (forwards.size >= mostForwards)
        throw new AppError('rate_limited', `There are ${mostForwards} forwards: stop one first`)
      const forward = await Forward.start({ line, to, localPort, changed })
      // The session may have ended while the cluster was asked.
      if (isOver as boolean) {
        await forward.stop()
        throw new AppError('unauthenticated', 'You are signed out of the gateway')
      }
      forwards.set(forward.id, forward)
      changed()
      return forward.shown
    },
    async stop({ id }) {
      const forward = forwards.get(id)
      forwards.delete(id)
      changed()
      await forward?.stop()
    },
    async close() {
      stopListening()
      await stopAll('The app is closing')
      clearTimeout(telling)
      forwards.clear()
    },
  }
}
