import { queryOptions } from '@tanstack/react-query'
import type { ObjectRef } from '#gateway/place.ts'
import { gateway } from '../bridge.ts'

/** The object as it was when its editor opened; what changes meanwhile is found out at review. */
export const editedObjectOf = (target: ObjectRef, tabId: string) =>
  queryOptions({
    queryKey: ['editor', tabId, target],
    queryFn: async () => (await gateway.objects.get(target)).object,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
