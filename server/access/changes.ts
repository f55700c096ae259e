/**
 * What changed, told after its commit to every cache and stream.
 * `person` = removed or disabled; `administration` = made or unmade administrator, which ends nothing;
 * `profile` = removed; `credential` = a profile whose static credential became another identity;
 * `cluster` = removed or reached otherwise; `grant` = made or taken back.
 */
export interface Change {
  readonly kind:
    'session' | 'person' | 'administration' | 'grant' | 'profile' | 'credential' | 'cluster'
  readonly id: string
}

/** In-process today; several gateway processes will carry the same changes by LISTEN/NOTIFY. */
export interface Changes {
  /** Synchronous: when it returns, caches have forgotten and streams are closed. */
  tell(change: Change): void
  on(listener: (change: Change) => void): () => void
}

/** `onError` hears of a listener that threw; the others are told all the same. */
export function createChanges(onError: (error: unknown) => void = () => undefined): Changes {
  const listeners = new Set<(change: Change) => void>()
  return {
    tell(change) {
      for (const listener of listeners) {
        try {
          listener(change)
        } catch (error) {
          onError(error)
        }
      }
    },
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
