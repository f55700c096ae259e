import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Place } from '#gateway/place.ts'
import type { FindShape } from '../../data/editor/check.ts'
import type { SchemaBook } from '../../data/editor/schema.ts'
import { groupVersionOf, schemaOf } from '../../data/editor/schemas.ts'

/** The most kinds of versions that one text is checked against. */
const most = 12

/** The versions that the documents of a text name. */
export function versionsIn(text: string): string {
  const found = [...text.matchAll(/^apiVersion:\s*["']?([\w./-]+)["']?\s*$/gm)]
  return [...new Set(found.map((it) => it[1] ?? ''))].slice(0, most).join(' ')
}

const namesOf = (versions: string) =>
  versions.split(' ').filter((it) => groupVersionOf(it) !== undefined)

interface Schemas {
  readonly find: FindShape
  /** Some could not be read: their documents are not checked here, only by the cluster. */
  readonly missing: boolean
}

/** The cluster’s schemas for the versions that are named; `versions` are parted by spaces. */
export function useSchemas(place: Place, versions: string): Schemas {
  return useQueries({
    queries: namesOf(versions).map((it) => {
      const { group = '', version = '' } = groupVersionOf(it) ?? {}
      return schemaOf(place, group, version)
    }),
    combine: useCallback(
      (results: UseQueryResult<SchemaBook>[]) => combined(versions, results),
      [versions],
    ),
  })
}

function combined(versions: string, results: readonly UseQueryResult<SchemaBook>[]): Schemas {
  const names = namesOf(versions)
  const books = new Map(names.map((name, at) => [name, results[at]?.data]))
  const find: FindShape = (apiVersion, kind) => {
    const book = books.get(apiVersion)
    const { group = '', version = '' } = groupVersionOf(apiVersion) ?? {}
    const shape = book?.kind(group, version, kind)
    return book && shape && { book, shape }
  }
  return { find, missing: results.some(({ isError }) => isError) }
}
