import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { objects } from '#gateway/objects.ts'
import type { ObjectRef, Place } from '#gateway/place.ts'
import { gateway } from './bridge.ts'
import { placeOnly } from './place.ts'
import { queries } from './queries.ts'

export const refKey = (ref: ObjectRef) =>
  [
    ref.cluster,
    ref.profile,
    ref.group,
    ref.version,
    ref.resource,
    ref.namespace ?? '',
    ref.name,
  ] as const

/** While somebody looks at an object, it is read again this often. */
const watchful = { refetchInterval: 5_000, staleTime: 2_000 } as const

export const objectOf = (ref: ObjectRef) =>
  queryOptions({
    queryKey: ['objects', 'get', ...refKey(ref)],
    queryFn: async () => (await gateway.objects.get(ref)).object,
    ...watchful,
  })

/** Once, past the cache. */
export const readObject = async (ref: ObjectRef) => (await gateway.objects.get(ref)).object

export const descriptionOf = (ref: ObjectRef) =>
  queryOptions({
    queryKey: ['objects', 'describe', ...refKey(ref)],
    queryFn: () => gateway.objects.describe(ref),
    ...watchful,
  })

type EventsAsk = z.input<typeof objects.events.input>

/** What the cluster said about one object, or about all in a place. */
export const eventsOf = (ask: EventsAsk) =>
  queryOptions({
    queryKey: ['objects', 'events', ask],
    queryFn: () => gateway.objects.events(ask),
    placeholderData: keepPreviousData,
    ...watchful,
  })

export const namespacesOf = (place: Place) =>
  queryOptions({
    queryKey: ['objects', 'namespaces', place.cluster, place.profile],
    queryFn: () => gateway.objects.namespaces(placeOnly(place)),
    staleTime: 30_000,
    refetchInterval: 60_000,
  })

export const makeNamespace = (place: Place, name: string) =>
  gateway.objects
    .createNamespace({ ...placeOnly(place), name })
    .finally(() => void refreshObjects())

type RemoveAsk = z.input<typeof objects.remove.input>

/** After a change by us, what is shown of objects is read again. */
export const refreshObjects = () => queries.invalidateQueries({ queryKey: ['objects'] })

export const removeObject = (ask: RemoveAsk) =>
  gateway.objects.remove(ask).finally(() => void refreshObjects())
