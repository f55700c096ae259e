import { queryOptions } from '@tanstack/react-query'
import type { Place } from '#gateway/place.ts'
import { gateway } from '../bridge.ts'
import { SchemaBook } from './schema.ts'

/** The cluster’s own schema of a group and version. It changes with upgrades and definitions only. */
export const schemaOf = (place: Place, group: string, version: string) =>
  queryOptions({
    queryKey: ['kinds', 'schema', place.cluster, place.profile, group, version],
    queryFn: async () => {
      const { document } = await gateway.kinds.schema({ ...place, group, version })
      return new SchemaBook(document)
    },
    staleTime: 300_000,
    retry: false,
  })

export interface GroupVersion {
  readonly group: string
  readonly version: string
}

export function groupVersionOf(apiVersion: string): GroupVersion | undefined {
  const found = /^(?:([a-z0-9.-]+)\/)?([a-z0-9]+)$/.exec(apiVersion)
  return found ? { group: found[1] ?? '', version: found[2] ?? '' } : undefined
}
