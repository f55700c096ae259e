import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { ObjectRef, Place } from '#gateway/place.ts'
import { gateway } from './bridge.ts'
import { placeOnly } from './place.ts'
import { withSample, type ObjectUsage } from './usage.ts'

const every = 15_000

export const nodeUsageOf = (place: Place) =>
  queryOptions({
    queryKey: ['metrics', 'nodes', place.cluster, place.profile],
    queryFn: () => gateway.metrics.nodes(placeOnly(place)),
    refetchInterval: every,
    staleTime: every,
    retry: false,
  })

export interface PodName {
  readonly namespace: string
  readonly name: string
}

/** Of the pods that are seen now, not of all. */
export const podUsageOf = (place: Place, pods: readonly PodName[]) =>
  queryOptions({
    queryKey: ['metrics', 'pods', place.cluster, place.profile, pods],
    queryFn: () => gateway.metrics.pods({ ...placeOnly(place), pods: [...pods] }),
    enabled: pods.length > 0,
    refetchInterval: every,
    staleTime: every,
    placeholderData: keepPreviousData,
    retry: false,
  })

export const isMeasured = ({ group, resource }: ObjectRef) =>
  group === '' && (resource === 'pods' || resource === 'nodes')

/** What one pod or node uses, and used while it was looked at. */
export const usageOf = (target: ObjectRef) =>
  queryOptions({
    queryKey: [
      'metrics',
      'object',
      placeOnly(target),
      target.resource,
      target.namespace,
      target.name,
    ],
    queryFn: async ({ client, queryKey }) =>
      withSample(client.getQueryData<ObjectUsage>(queryKey), target.name, await askFor(target)),
    enabled: isMeasured(target),
    refetchInterval: every,
    staleTime: every,
    retry: false,
  })

const askFor = ({ resource, namespace = '', name, ...where }: ObjectRef) =>
  resource === 'nodes'
    ? gateway.metrics.nodes(placeOnly(where))
    : gateway.metrics.pods({ ...placeOnly(where), pods: [{ namespace, name }] })
