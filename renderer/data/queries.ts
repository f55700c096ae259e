import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { AppError } from '#gateway/errors.ts'

const listeners = new Set<() => void>()

/** Tells when the gateway no longer knows who is asking. */
export function onUnauthenticated(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

const refused = new Set<() => void>()

/** Tells when something was refused: rights may not be what they were. */
export function onForbidden(listener: () => void): () => void {
  refused.add(listener)
  return () => {
    refused.delete(listener)
  }
}

/** Whoever learns that the session has ended, or is refused something, says it here. */
export function reportError(error: unknown): void {
  if (!(error instanceof AppError)) return
  if (error.code === 'unauthenticated') for (const tell of listeners) tell()
  if (error.code === 'forbidden') for (const tell of refused) tell()
}

/** Only what may be different a moment later is asked again. */
const mayPass = (error: unknown) =>
  !(error instanceof AppError) ||
  ['unavailable', 'bad_gateway', 'gateway_timeout', 'rate_limited'].includes(error.code)

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: reportError }),
  mutationCache: new MutationCache({ onError: reportError }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && mayPass(error),
      refetchOnWindowFocus: false,
    },
    // What was sent, passwords and tokens among it, is not kept once its form is gone.
    mutations: { retry: false, gcTime: 0 },
  },
})
