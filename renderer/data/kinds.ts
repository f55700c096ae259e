import { queryOptions } from '@tanstack/react-query'
import type { KindRef, Place } from '#gateway/place.ts'
import { gateway } from './bridge.ts'
import { placeOnly } from './place.ts'

/** What a cluster serves. Asked again once a minute: definitions come and go. */
export const kindsOf = (place: Place) =>
  queryOptions({
    queryKey: ['kinds', place.cluster, place.profile],
    queryFn: () => gateway.kinds.list(placeOnly(place)),
    staleTime: 60_000,
    refetchInterval: 60_000,
  })

/** `deployments.apps`, as kubectl and RBAC write it. */
export const kindName = ({ group, resource }: Pick<KindRef, 'group' | 'resource'>): string =>
  group === '' ? resource : `${resource}.${group}`
