import { lazy, type ComponentType } from 'react'

/** A component that is loaded when it is first drawn, from a module without a default export. */
export const named = <N extends string, P>(
  load: () => Promise<Record<N, ComponentType<P>>>,
  name: N,
) => lazy(async () => ({ default: (await load())[name] }))
