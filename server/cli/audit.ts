import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { AppError, ErrorBody, invalidInput } from '../contract/errors.ts'
import { EventFilter } from '../contract/events.ts'
import { readArguments } from './arguments.ts'
import { connect, gatewayOption } from './gateway.ts'
import { printJson } from './output.ts'
import { Refusal, UsageError } from './refusal.ts'
import { answerOf, open } from './send.ts'

const filters = Object.keys(EventFilter.shape) as (keyof EventFilter)[]

const verifyOptions = {
  key: { type: 'string' },
  partial: { type: 'boolean', default: false },
} as const

const exportOptions = {
  ...gatewayOption,
  ...(Object.fromEntries(filters.map((key) => [key, { type: 'string' }])) as Record<
    keyof EventFilter,
    { readonly type: 'string' }
  >),
} as const

export async function audit(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  if (verb === 'verify') return verify(rest)
  if (verb === 'export') return exportEvents(rest)
  throw new UsageError('Say audit verify or audit export')
}

/** Needs neither a gateway nor a session: an auditor has the file and the public key. */
async function verify(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args, verifyOptions, 1)
  const [file] = positionals
  if (file === undefined || values.key === undefined)
    throw new UsageError('Give the exported file, and the public key with --key')
  const { holdsPublicKeys, verifyExport } = await import('../audit/verify-file.ts')
  const { partial } = values
  const key = await readFile(values.key, 'utf8').catch(unreadable(`--key ${values.key}`))
  if (!holdsPublicKeys(key)) throw new Refusal(`--key ${values.key}: ${whyNoKey(key)}`)
  const verdict = await verifyExport(createReadStream(file), key, { partial }).catch(
    unreadable(file),
  )
  printJson(verdict)
  // What a failed export leaves behind must not pass for an untouched chain.
  if (verdict.status === 'intact' && verdict.records === 0 && !partial)
    throw new Refusal(`Nothing was verified: ${file} holds no record`)
  if (verdict.status === 'broken') throw new Refusal(`Not intact at ${verdict.at}: ${verdict.why}`)
}

/** Says which of two files it is about, and why, in words of a person. */
const unreadable =
  (what: string) =>
  (cause: unknown): never => {
    if (!(cause instanceof Error && 'code' in cause && 'syscall' in cause)) throw cause
    const why = reasons[String(cause.code)] ?? `it cannot be read (${String(cause.code)})`
    throw new Refusal(`${what}: ${why}`, { cause })
  }

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'you may not read it',
}

function whyNoKey(text: string): string {
  const wanted =
    'the public key of the audit log in PEM, which administrators get as publicKeyPem of: gatehouse call events.chain'
  if (text.includes('PRIVATE KEY-----')) return `this is a private key; give ${wanted}`
  if (text.includes('CERTIFICATE-----')) return `this is a certificate; give ${wanted}`
  return `this is no key for audit records; give ${wanted}`
}

async function exportEvents(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, exportOptions)
  const { gateway, ...given } = values
  const filter = EventFilter.safeParse(given)
  if (!filter.success) throw invalidInput(filter.error)
  const { peer, token } = connect(gateway)
  const query = new URLSearchParams(
    Object.entries(filter.data).filter(([, value]) => value !== undefined) as [string, string][],
  ).toString()
  const path = `/api/events/export${query && `?${query}`}`
  const response = await open(peer, {
    method: 'GET',
    path,
    authorization: `Bearer ${await token()}`,
  })
  if (
    response.statusCode !== 200 ||
    !response.headers['content-type']?.startsWith('application/x-ndjson')
  ) {
    const { status, body } = await answerOf(response)
    const error = ErrorBody.safeParse(body)
    if (error.success) throw AppError.from(error.data)
    throw new Refusal(`Something other than the gateway answered (${String(status)})`)
  }
  // Whoever reads our output may take their time. A connection that breaks off is an error here, so half an export never looks whole.
  response.socket.setTimeout(0)
  await pipeline(response, process.stdout, { end: false }).catch((cause: unknown) => {
    throw new Refusal('The export broke off: what was written is not whole', { cause })
  })
}
