import { z } from 'zod'
import { canonical } from './chain.ts'
import { readPublicKeys, type SignedCheckpoint } from './checkpoint.ts'
import {
  type ChainItem,
  type ChainRecord,
  type Verdict,
  verifyChain,
  type VerifyOptions,
} from './verify.ts'

// Longer than any line the gateway writes; a file without line ends must not fill the memory.
const longestLine = 256 * 1024

/** One line of an export: the event with the hash before it, or a checkpoint under that key. */
export const exportRecord = ({ body, previousHash, hash }: ChainRecord): string =>
  `${canonical({ ...(JSON.parse(body) as object), previousHash, hash })}\n`
export const exportCheckpoint = (checkpoint: SignedCheckpoint): string =>
  `${canonical({ checkpoint })}\n`
/** A damaged record is exported as such, so that the file says so too. */
export const exportDamage = (at: string, why: string): string =>
  `${canonical({ damaged: { at, why } })}\n`

/** Checks an export offline: needs its bytes and the public key, no database and no gateway. */
export const verifyExport = (
  stream: AsyncIterable<string | Uint8Array>,
  publicKeyPem: string,
  options: VerifyOptions = {},
): Promise<Verdict> => verifyChain(itemsOf(linesOf(stream)), publicKeyPem, options)

const place = { writer: z.string().max(63), sequence: z.int().positive() }
const RecordLine = z.looseObject({
  ...place,
  at: z.string(),
  phase: z.enum(['intent', 'outcome', 'event', 'gap', 'start', 'stop']),
  reason: z.string().optional(),
  previousHash: z.string(),
  hash: z.string(),
})
const CheckpointLine = z.strictObject({
  checkpoint: z.strictObject({
    ...place,
    at: z.string(),
    hash: z.string(),
    signature: z.string(),
    keyId: z.string(),
  }),
})
const DamagedLine = z.strictObject({ damaged: z.object({ at: z.string(), why: z.string() }) })

/** Whether a text is what an export is checked with. */
export function holdsPublicKeys(pem: string): boolean {
  try {
    return readPublicKeys(pem).size > 0
  } catch {
    return false
  }
}

async function* itemsOf(lines: AsyncIterable<string>): AsyncIterable<ChainItem> {
  let number = 0
  for await (const line of lines) {
    number++
    if (line !== '') yield itemOf(line, `line ${number}`)
  }
}

function itemOf(line: string, at: string): ChainItem {
  const value = parsed(line)
  // Byte for byte what the gateway wrote: a second key of the same name would hide from a parser.
  if (value === undefined || canonical(value) !== line)
    return { kind: 'damaged', at, why: 'this line is not as the gateway wrote it' }
  const record = RecordLine.safeParse(value)
  if (record.success) {
    const { previousHash, hash, ...event } = record.data
    const { writer, sequence } = event
    const body = canonical(event)
    return { kind: 'record', record: { writer, sequence, body, previousHash, hash, event } }
  }
  const checkpoint = CheckpointLine.safeParse(value)
  if (checkpoint.success) return { kind: 'checkpoint', ...checkpoint.data }
  const damaged = DamagedLine.safeParse(value)
  if (damaged.success) return { kind: 'damaged', ...damaged.data.damaged }
  return { kind: 'damaged', at, why: 'this line is neither a record nor a checkpoint' }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

async function* linesOf(stream: AsyncIterable<string | Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    // Nothing the gateway writes; the empty object is refused where lines are read.
    if (rest.length > longestLine) {
      yield '{}'
      return
    }
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
