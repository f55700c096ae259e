import { useQuery } from '@tanstack/react-query'
import type { LogsInput } from '#gateway/streams.ts'
import { podHasRestarted } from '../../data/logs/restarted.ts'
import { readObject } from '../../data/objects.ts'

/** Whether there are lines of a container before the present one; of many pods, or unread ones, there may be. */
export function useHasPrevious(input: LogsInput): boolean {
  const { cluster, profile, namespace, pods = [], container } = input
  const [name, ...others] = pods
  const isOne = name !== undefined && others.length === 0
  const { data, isError } = useQuery({
    queryKey: ['objects', 'restarts', cluster, profile, namespace, name, container],
    queryFn: async () => {
      const kind = { group: '', version: 'v1', resource: 'pods' }
      const pod = await readObject({ cluster, profile, namespace, name: name ?? '', ...kind })
      return podHasRestarted(pod, container)
    },
    enabled: isOne,
    refetchInterval: 15_000,
    retry: false,
  })
  return !isOne || isError || data === true
}
