import type { IncomingMessage } from 'node:http'
import { AppError } from '../contract/errors.ts'

const none = Buffer.alloc(0)

/**
 * Reads a whole request body before anything is asked of a cluster: a slow or endless upload then costs
 * the uploader’s own connection only, what is forwarded has one known length, and a call can be repeated
 * with a renewed credential.
 * @throws AppError too_large; invalid_input when the client leaves in the middle.
 */
export async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = req.headers['content-length']
  const chunked = req.headers['transfer-encoding'] !== undefined
  if (!chunked && (declared === undefined || declared === '0')) return none
  if (declared !== undefined && Number(declared) > limit) throw tooLarge(limit)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > limit) throw tooLarge(limit)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid_input', 'The body ended before its declared length', {
      cause: error,
    })
  }
  return chunks.length === 1 ? (chunks[0] ?? none) : Buffer.concat(chunks, size)
}

const tooLarge = (limit: number) =>
  new AppError('too_large', `The body is larger than the ${limit} bytes that this gateway forwards`)
