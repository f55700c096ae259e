import type { Event } from '../contract/events.ts'
import { genesis, hashOf, type Link } from './chain.ts'
import {
  isGenuine,
  type PublicKeys,
  readPublicKeys,
  recordsPerCheckpoint,
  type SignedCheckpoint,
} from './checkpoint.ts'

/** A record as somebody states it: `event` is what `body` says. */
export interface ChainRecord extends Link {
  readonly event: {
    readonly at: string
    readonly phase: Event['phase']
    readonly reason?: string | undefined
  }
}

/** What a stored or exported chain consists of, in the order it is read. */
export type ChainItem =
  | { readonly kind: 'record'; readonly record: ChainRecord }
  | { readonly kind: 'checkpoint'; readonly checkpoint: SignedCheckpoint }
  /** Something that is no record any more. */
  | { readonly kind: 'damaged'; readonly at: string; readonly why: string }

export interface VerifiedChain {
  readonly writer: string
  readonly first: number
  readonly last: number
  readonly records: number
  readonly checkpoints: number
  /** Records after the last signature: linked, but whoever could write the file could have cut or rewritten them. */
  readonly unsigned: number
  readonly lastCheckpointAt: string | undefined
}

/** Where the gateway itself says that records may be missing. */
export interface Gap {
  readonly writer: string
  readonly sequence: number
  readonly at: string
  readonly reason: string
}

export type Verdict =
  | {
      readonly status: 'intact'
      readonly records: number
      readonly checkpoints: number
      readonly unsigned: number
      readonly gaps: readonly Gap[]
      readonly chains: readonly VerifiedChain[]
    }
  | { readonly status: 'broken'; readonly at: string; readonly why: string }

export interface VerifyOptions {
  /** For an export that was limited in time: a chain may begin anywhere. */
  readonly partial?: boolean
}

// A batch of the writer may come on top of the thousand.
const mostUnsigned = recordsPerCheckpoint + 512

interface State {
  readonly writer: string
  readonly first: number
  sequence: number
  hash: string
  checkpoints: number
  signedAt: number
  lastCheckpointAt: string | undefined
  /** The last `start` or `stop`: the gateway signs it together with the record itself. */
  mustBeSigned: number
}

class Broken extends Error {
  readonly at: string
  constructor(at: string, why: string) {
    super(why)
    this.at = at
  }
}

/** Reads chains from end to end, holding one state per writer and nothing else. */
export async function verifyChain(
  items: AsyncIterable<ChainItem>,
  publicKeyPem: string,
  options: VerifyOptions = {},
): Promise<Verdict> {
  const verification = new Verification(readPublicKeys(publicKeyPem), options.partial ?? false)
  try {
    for await (const item of items) verification.take(item)
    return verification.finish()
  } catch (error) {
    if (error instanceof Broken) return { status: 'broken', at: error.at, why: error.message }
    throw error
  }
}

class Verification {
  readonly #keys: PublicKeys
  readonly #partial: boolean
  readonly #chains = new Map<string, State>()
  readonly #gaps: Gap[] = []

  constructor(keys: PublicKeys, partial: boolean) {
    this.#keys = keys
    this.#partial = partial
  }

  take(item: ChainItem): void {
    if (item.kind === 'damaged') throw new Broken(item.at, item.why)
    if (item.kind === 'checkpoint') this.#checkpoint(item.checkpoint)
    else this.#record(item.record)
  }

  finish(): Verdict {
    const chains = [...this.#chains.values()].map(finished)
    const sum = (field: 'records' | 'checkpoints' | 'unsigned') =>
      chains.reduce((total, chain) => total + chain[field], 0)
    return {
      status: 'intact',
      records: sum('records'),
      checkpoints: sum('checkpoints'),
      unsigned: sum('unsigned'),
      gaps: this.#gaps,
      chains,
    }
  }

  #record(record: ChainRecord): void {
    const { writer, sequence, hash, event } = record
    const chain = this.#chains.get(writer) ?? this.#begin(record)
    refuseWrongPlace(chain, record)
    if (hashOf(record.previousHash, record.body) !== hash)
      throw new Broken(
        placeOf(record),
        'this record was altered: its hash does not fit its content',
      )
    if (record.previousHash !== chain.hash)
      throw new Broken(
        placeOf(record),
        'this record does not follow the one before it: one of them was replaced',
      )
    chain.sequence = sequence
    chain.hash = hash
    if (sequence - chain.signedAt > mostUnsigned)
      throw new Broken(placeOf(record), 'a checkpoint is missing: too many records are unsigned')
    if (event.phase === 'start' || event.phase === 'stop') mustBeSigned(chain, sequence)
    if (event.phase === 'gap')
      this.#gaps.push({ writer, sequence, at: event.at, reason: event.reason ?? '' })
  }

  #begin(record: ChainRecord): State {
    const { writer, sequence, previousHash } = record
    if (sequence !== 1 && !this.#partial)
      throw new Broken(placeOf(record), `the records before this one are missing`)
    const chain: State = {
      writer,
      first: sequence,
      sequence: sequence - 1,
      hash: sequence === 1 ? genesis : previousHash,
      checkpoints: 0,
      signedAt: sequence - 1,
      lastCheckpointAt: undefined,
      mustBeSigned: 0,
    }
    this.#chains.set(writer, chain)
    return chain
  }

  #checkpoint(checkpoint: SignedCheckpoint): void {
    const place = placeOf(checkpoint)
    if (!this.#keys.has(checkpoint.keyId))
      throw new Broken(place, `the checkpoint is signed by an unknown key (${checkpoint.keyId})`)
    if (!isGenuine(checkpoint, this.#keys))
      throw new Broken(place, 'the checkpoint is forged: its signature does not fit')
    const chain = this.#chains.get(checkpoint.writer)
    if (!chain || checkpoint.sequence > chain.sequence)
      throw new Broken(place, 'records up to this checkpoint are missing')
    if (checkpoint.sequence < chain.sequence)
      throw new Broken(place, 'the checkpoint is not beside its record')
    if (checkpoint.hash !== chain.hash)
      throw new Broken(place, 'the signed hash is another one: the chain up to here was rewritten')
    chain.checkpoints++
    chain.signedAt = checkpoint.sequence
    chain.lastCheckpointAt = checkpoint.at
  }
}

const placeOf = ({ writer, sequence }: { writer: string; sequence: number }) =>
  `${writer}#${sequence}`

function refuseWrongPlace(chain: State, record: ChainRecord): void {
  const expected = chain.sequence + 1
  if (record.sequence === expected) return
  const why =
    record.sequence > expected
      ? `records ${expected} to ${record.sequence - 1} are missing`
      : 'this record comes twice or out of order'
  throw new Broken(placeOf(record), why)
}

/** Only the signature on a later record, or on this one, proves that nobody rewrote a start or stop. */
function mustBeSigned(chain: State, sequence: number): void {
  refuseUnsigned(chain)
  chain.mustBeSigned = sequence
}

function refuseUnsigned({ writer, mustBeSigned: sequence, signedAt }: State): void {
  if (sequence > signedAt)
    throw new Broken(placeOf({ writer, sequence }), 'the checkpoint of this record is missing')
}

function finished(chain: State): VerifiedChain {
  refuseUnsigned(chain)
  const { writer, first, sequence, checkpoints, lastCheckpointAt, signedAt } = chain
  return {
    writer,
    first,
    last: sequence,
    records: sequence - first + 1,
    checkpoints,
    unsigned: sequence - signedAt,
    lastCheckpointAt,
  }
}
