import { lazy, type ComponentType } from 'react'

/** A component that is loaded when it is first drawn, from a module without a default export. */
export const named = <N extends string, P>(
  load: () => Promise<Record<N, ComponentType<P>>>,
  name: N,
) => lazy(async () => ({ default: (await loaded(load))[name] }))

/** Milliseconds before each further try. */
const pauses = [200, 500, 1000, 2000, 4000]

/** A network that changes breaks off what is being loaded; React would remember that for ever. */
async function loaded<T>(load: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await load()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  return load()
}
