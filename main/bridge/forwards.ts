import type { Forward, forwards } from '#bridge/forwards.ts'
import type { Client } from '#gateway/operation.ts'
import type { StartForward } from '../forwards/forwards.ts'

/** The forwards of whatever session there is. */
export interface ForwardSource {
  list(): readonly Forward[]
  readonly forwards: {
    start(input: StartForward): Promise<Forward>
    stop(input: { readonly id: string }): Promise<void>
  }
}

export const forwardCalls = (
  source: ForwardSource,
): Client<{ forwards: typeof forwards }>['forwards'] => ({
  list: async () => [...source.list()],
  start: (input) => source.forwards.start(input),
  stop: (input) => source.forwards.stop(input),
})
