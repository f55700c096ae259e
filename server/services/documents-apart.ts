import { Worker } from 'node:worker_threads'
import { AppError } from '../contract/errors.ts'
import { readDocuments, type Written } from './documents.ts'
import type { Read } from './documents-worker.ts'

/** Characters that are read at once; even the worst text of this length takes less than a tenth of a second. */
const readHere = 8 * 1024
/** Milliseconds for a longer one, in a thread of its own that is ended when it takes longer. */
const longest = 8000
const mostThreads = 2
let threads = 0

/**
 * Reads the documents of an apply without holding up the gateway, whatever they were made for.
 * @throws AppError invalid_input, or rate_limited while too many are being read.
 */
export async function readDocumentsApart(text: string): Promise<readonly Written[]> {
  if (text.length <= readHere) return readDocuments(text)
  if (threads >= mostThreads)
    throw new AppError('rate_limited', 'Too many documents are being read at this moment', {
      retryAfter: 2,
    })
  threads += 1
  try {
    const read = await readInThread(text)
    if (read.status === 'refused') throw AppError.from(read.error)
    return read.written
  } finally {
    threads -= 1
  }
}

async function readInThread(text: string): Promise<Read> {
  const worker = new Worker(new URL('./documents-worker.ts', import.meta.url), {
    workerData: text,
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<Read>((resolve, reject) => {
      const fail = (cause?: unknown) => {
        const message = 'documents: this takes longer to read than documents do'
        reject(new AppError('invalid_input', message, { cause }))
      }
      timer = setTimeout(fail, longest)
      worker.once('message', resolve)
      worker.once('error', fail)
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
