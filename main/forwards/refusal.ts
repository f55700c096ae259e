import type { IncomingMessage } from 'node:http'
import { AppError, httpStatus, type ErrorCode } from '#gateway/errors.ts'

/** Bytes of a refusal that are read. */
const longest = 64 * 1024

/** What the gateway or the cluster said instead of opening a stream: a `Status`, whose message is for people. */
export async function readRefusal(response: IncomingMessage): Promise<AppError> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > longest) break
    chunks.push(chunk)
  }
  const status = response.statusCode ?? 502
  const text = messageOf(Buffer.concat(chunks).toString())
  return new AppError(codeOf(status), text ?? `The gateway answered ${status}`)
}

function messageOf(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown }
    return typeof message === 'string' && message !== '' ? message : undefined
  } catch {
    return undefined
  }
}

const codeOf = (status: number): ErrorCode =>
  (Object.keys(httpStatus) as ErrorCode[]).find((code) => httpStatus[code] === status) ??
  'bad_gateway'
