import { queryOptions } from '@tanstack/react-query'
import type { Place } from '#gateway/place.ts'
import { gateway } from '../bridge.ts'
import { namesIn } from './containers-in.ts'

export interface PodRef extends Place {
  readonly namespace: string
  readonly pod: string
}

/** Names of a pod’s containers, those for debugging last; read once, for a choice. */
export const containersOf = ({ cluster, profile, namespace, pod }: PodRef) =>
  queryOptions({
    queryKey: ['objects', 'containers', cluster, profile, namespace, pod],
    queryFn: async () => {
      const ref = { cluster, profile, namespace, name: pod }
      const { object } = await gateway.objects.get({
        ...ref,
        group: '',
        version: 'v1',
        resource: 'pods',
      })
      return namesIn(object)
    },
    staleTime: 60_000,
  })
