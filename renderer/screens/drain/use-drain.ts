import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Place } from '#gateway/place.ts'
import { cordonNode, evictPod } from '../../data/nodes.ts'
import { DrainRun, type DrainPod, type DrainState } from './drain-run.ts'

const silence = () => () => undefined
const nothing = () => undefined

interface DrainHook {
  readonly state: DrainState | undefined
  readonly start: (pods: readonly DrainPod[]) => void
  readonly stop: () => void
  readonly forget: () => void
}

/** One drain of a node. It goes on while the tab is hidden and ends with it. */
export function useDrain(place: Place, node: string): DrainHook {
  const [run, setRun] = useState<DrainRun>()
  useEffect(() => () => run?.stop(), [run])
  const state = useSyncExternalStore(run?.listen ?? silence, run?.state ?? nothing)
  return {
    state,
    start: (pods) => {
      setRun(startRun(place, node, pods))
    },
    stop: () => {
      run?.stop()
    },
    forget: () => {
      setRun(undefined)
    },
  }
}

const startRun = (place: Place, node: string, pods: readonly DrainPod[]) =>
  new DrainRun(pods, {
    cordon: () => cordonNode({ ...place, name: node }, true),
    evict: ({ namespace, name, uid }) => evictPod({ ...place, namespace, name, uid }),
    now: Date.now,
    after: (milliseconds, work) => {
      const timer = setTimeout(work, milliseconds)
      return () => {
        clearTimeout(timer)
      }
    },
  })
