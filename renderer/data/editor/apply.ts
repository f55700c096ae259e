import { toErrorBody, type ErrorBody } from '#gateway/errors.ts'
import type { DocumentResult } from '#gateway/objects.ts'
import type { Place } from '#gateway/place.ts'
import { gateway } from '../bridge.ts'
import { refreshObjects } from '../objects.ts'
import { documentsOf } from './documents-of.ts'

export interface Applied {
  readonly documents: readonly DocumentResult[]
  /** Set when any of them failed, or nothing could be tried. */
  readonly error: ErrorBody | undefined
  readonly dry: boolean
}

type ApplyAsk = Place & {
  readonly namespace?: string
  readonly documents: string
  readonly dry: boolean
}

/** Applies documents and gives what became of each, also when some failed. */
export async function applyDocuments(ask: ApplyAsk): Promise<Applied> {
  try {
    const { documents } = await gateway.objects.apply(ask)
    return { documents, error: undefined, dry: ask.dry }
  } catch (error) {
    return { documents: documentsOf(error), error: toErrorBody(error), dry: ask.dry }
  } finally {
    if (!ask.dry) void refreshObjects()
  }
}
