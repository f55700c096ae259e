import type { Applied } from './apply.ts'

/** Why nothing can be written yet. */
export type ApplyRefusal = 'empty' | 'untried' | 'namespace' | 'failing' | 'done'

/** Only what was tried just so, and passed, may be written; `applied` is what became of this very text. */
export function applyRefusal(
  text: string,
  applied: Pick<Applied, 'documents' | 'error' | 'dry'> | undefined,
): ApplyRefusal | undefined {
  if (text.trim() === '') return 'empty'
  if (!applied) return 'untried'
  if (applied.error) {
    const isNowhere = applied.documents.some(
      ({ error }) => error?.fields?.['metadata.namespace'] !== undefined,
    )
    return isNowhere ? 'namespace' : 'failing'
  }
  return applied.dry ? undefined : 'done'
}
