import { queryOptions } from '@tanstack/react-query'
import { gateway } from './bridge.ts'

/** Every cluster@profile that the person may use now. */
export const contextsOfPerson = queryOptions({
  queryKey: ['contexts'],
  queryFn: () => gateway.contexts.list({}),
  // A grant may have been given meanwhile.
  refetchInterval: 30_000,
})
