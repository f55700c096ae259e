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

/** Whoever learns that the session has ended says it here. */
export function reportError(error: unknown): void {
  if (error instanceof AppError && error.code === 'unauthenticated')
    for (const tell of listeners) tell()
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
    mutations: { retry: false },
  },
})
