import { parentPort, workerData } from 'node:worker_threads'
import { toErrorBody, type ErrorBody } from '../contract/errors.ts'
import { readDocuments, type Written } from './documents.ts'

export type Read =
  | { readonly status: 'read'; readonly written: readonly Written[] }
  | { readonly status: 'refused'; readonly error: ErrorBody }

parentPort?.postMessage(answer(String(workerData)))

function answer(text: string): Read {
  try {
    return { status: 'read', written: readDocuments(text) }
  } catch (error) {
    return { status: 'refused', error: toErrorBody(error) }
  }
}
