import { isNamedByBody, type CreatedNames } from '../policies/scope.ts'
import type { Call } from './call.ts'
import { without } from './exchange-heads.ts'
import { decodeMessage, type Message } from './protobuf.ts'
import { valuesOf } from './raw-headers.ts'
import { refuse, type Refused } from './refused.ts'
import { decodeEnvelope, protobufType } from './review-codec.ts'

interface Readable {
  readonly status: 'ok'
  /** What travels: exactly what was read. */
  readonly body: Buffer | null
}

/**
 * Learns what a creating body calls its object where some names are the gateway’s own, so that the call can be
 * decided by it. JSON travels as it was read here: readers differ about a key that is there twice, and the
 * cluster’s joins two `metadata` that ours would not. What only the cluster can read, YAML for one, is refused.
 */
export function readCreated(call: Call, body: Buffer | null): Readable | Refused {
  const { info, forwarded } = call
  if (body === null || info?.kind !== 'resource' || !isNamedByBody(info))
    return { status: 'ok', body }
  if (valuesOf(forwarded, 'content-encoding').length > 0) return unreadable
  const [type = 'application/json'] = valuesOf(forwarded, 'content-type')
  const media = (type.split(';')[0] ?? '').trim().toLowerCase()
  try {
    if (media === protobufType) {
      const { raw } = decodeEnvelope(body)
      call.created = namesIn(decodeMessage(raw, named))
      return { status: 'ok', body }
    }
    if (media !== 'application/json') return unreadable
    const object: unknown = JSON.parse(body.toString('utf8'))
    call.created = namesIn(object)
    // Its length may be another than the client announced.
    call.forwarded = without(forwarded, 'content-length')
    return { status: 'ok', body: Buffer.from(JSON.stringify(object)) }
  } catch {
    // A fault of whoever sent it, whatever it was: too deep, not JSON, not the envelope.
    return unreadable
  }
}

const unreadable = refuse(
  'invalid_input',
  'an object of this kind is created as application/json or Kubernetes protobuf that can be read here, because some names are the gateway’s own',
)

/** Every object of the API begins like this. */
const named: Message = [
  {
    number: 1,
    name: 'metadata',
    type: [
      { number: 1, name: 'name', type: 'string' },
      { number: 2, name: 'generateName', type: 'string' },
    ],
  },
]

function namesIn(object: unknown): CreatedNames {
  const metadata = valuesAt(object, 'metadata')
  const textsAt = (key: string) =>
    metadata.flatMap((it) => valuesAt(it, key)).filter((it) => typeof it === 'string')
  return { names: textsAt('name'), generated: textsAt('generatename') }
}

/** In any case: old clusters read `Metadata` too. */
const valuesAt = (object: unknown, key: string): unknown[] =>
  typeof object === 'object' && object !== null
    ? Object.entries(object)
        .filter(([it]) => it.toLowerCase() === key)
        .map(([, value]) => value as unknown)
    : []
