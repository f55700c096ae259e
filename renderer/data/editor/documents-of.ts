import { AppError } from '#gateway/errors.ts'
import { DocumentResult } from '#gateway/objects.ts'

/** What became of each document, out of the error of an apply that failed in part. */
export function documentsOf(error: unknown): DocumentResult[] {
  if (!(error instanceof AppError)) return []
  return (error.documents ?? []).flatMap((it) => {
    const { success, data } = DocumentResult.safeParse(it)
    return success ? [data] : []
  })
}
