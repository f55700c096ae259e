import { Chunks } from './chunks.ts'
import { decode } from './decode.ts'
import { ReadFailure } from './failure.ts'
import { bookmark, status } from './fields/meta.ts'
import type { Fields, Shape } from './fields/table.ts'
import { magic } from './list-reader.ts'
import { compile, type Message } from './message.ts'
import type { Model } from './model.ts'
import type { Item, ItemReader } from './projection.ts'
import { rowOf } from './row.ts'

export const statusMessage = compile(status)
const bookmarkMessage = compile(bookmark)
export const initialEnd = 'k8s.io/initial-events-end'

const changes = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const

/** Reads events while they come: four bytes of length, then WatchEvent {type 1, object 2 {raw 1}}. */
export class WatchReader implements ItemReader {
  readonly #model: Model
  readonly #chunks = new Chunks()

  constructor(model: Model) {
    this.#model = model
  }

  push(chunk: Uint8Array): Item[] {
    this.#chunks.push(chunk)
    const items: Item[] = []
    for (let frame = this.#frame(); frame !== undefined; frame = this.#frame()) {
      items.push(this.#event(frame))
    }
    return items
  }

  end(): Item[] {
    if (this.#chunks.length > 0) throw new ReadFailure('the watch was cut inside an event')
    return []
  }

  #frame(): Buffer | undefined {
    const length = this.#chunks.peek(4)?.readUInt32BE()
    return length === undefined ? undefined : this.#chunks.take(4 + length)?.subarray(4)
  }

  #event(frame: Buffer): Item {
    const { type, object } = partsOf(frame)
    if (type === 'ERROR') return errorOf(decodeWrapped(object, statusMessage))
    if (type === 'BOOKMARK') return bookmarkOf(decodeWrapped(object, bookmarkMessage))
    const change = changeOf(type)
    if (change === undefined) throw new ReadFailure('a watch has an event of an unknown type')
    return { type: change, row: rowOf(this.#model, decodeWrapped(object, this.#model.message)) }
  }
}

export const changeOf = (type: string | undefined) =>
  Object.hasOwn(changes, type ?? '') ? changes[type as keyof typeof changes] : undefined

export function errorOf(it: Shape<typeof status>): Item {
  const { code = 500, message = '', reason = '' } = it
  return { type: 'error', code, message, reason }
}

function bookmarkOf({ metadata }: Shape<typeof bookmark>): Item {
  const { resourceVersion: version = '', annotations } = metadata ?? {}
  return { type: 'bookmark', version, initialEnd: annotations?.[initialEnd] === 'true' }
}

const event = {
  type: [1, 'string'],
  object: [2, { raw: [1, 'bytes'] }],
} as const satisfies Fields
const eventMessage = compile(event)

function partsOf(frame: Buffer): { readonly type: string; readonly object: Buffer } {
  const { type = '', object }: Shape<typeof event> = decode(frame, eventMessage)
  if (object?.raw === undefined) throw new ReadFailure('an event has no object')
  return { type, object: object.raw }
}

const unknown = { raw: [2, 'bytes'] } as const satisfies Fields
const unknownMessage = compile(unknown)

/** An object behind `k8s\0` and runtime.Unknown. */
export function decodeWrapped(bytes: Buffer, message: Message): object {
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw new ReadFailure('an object is not protobuf')
  }
  const { raw }: Shape<typeof unknown> = decode(bytes.subarray(magic.length), unknownMessage)
  if (raw === undefined) throw new ReadFailure('an object has no bytes')
  return decode(raw, message)
}
