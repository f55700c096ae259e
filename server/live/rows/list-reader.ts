import { Chunks } from './chunks.ts'
import { decode } from './decode.ts'
import { ReadFailure } from './failure.ts'
import { listMeta } from './fields/meta.ts'
import type { Shape } from './fields/table.ts'
import { compile } from './message.ts'
import type { Model } from './model.ts'
import { peekPart, takePart } from './part.ts'
import type { Item, ItemReader } from './projection.ts'
import { rowOf } from './row.ts'

/** What stands before every protobuf answer of Kubernetes. */
export const magic = Buffer.from('k8s\0')

const meta = compile(listMeta)
const typeMeta = compile({ kind: [2, 'string'] })

/** Reads a list while it comes: `k8s\0`, Unknown {typeMeta 1, raw 2}, in it a list {metadata 1, items 2}. */
export class ListReader implements ItemReader {
  readonly #model: Model
  readonly #chunks = new Chunks()
  #state: 'magic' | 'envelope' | 'list' | 'after' = 'magic'
  /** Of the list’s bytes, how many are still to come. */
  #left = 0
  #meta: Shape<typeof listMeta> = {}

  constructor(model: Model) {
    this.#model = model
  }

  push(chunk: Uint8Array): Item[] {
    this.#chunks.push(chunk)
    const items: Item[] = []
    while (this.#step(items)) {
      // Each step takes one part off.
    }
    return items
  }

  end(): Item[] {
    if (this.#state !== 'after' || this.#chunks.length > 0) {
      throw new ReadFailure('the list was cut')
    }
    return []
  }

  #step(items: Item[]): boolean {
    switch (this.#state) {
      case 'magic':
        return this.#takeMagic()
      case 'envelope':
        return this.#takeEnvelope()
      case 'list':
        return this.#left === 0 ? this.#finish(items) : this.#takeListPart(items)
      case 'after':
        return this.#takeRest()
    }
  }

  #takeMagic(): boolean {
    const bytes = this.#chunks.take(magic.length)
    if (bytes === undefined) return false
    if (!bytes.equals(magic)) throw new ReadFailure('the list is not protobuf')
    this.#state = 'envelope'
    return true
  }

  #takeEnvelope(): boolean {
    const head = peekPart(this.#chunks)
    if (head === undefined) return false
    if (head.number === 2 && head.wire === 2) {
      this.#chunks.take(head.size)
      this.#left = head.length
      this.#state = 'list'
      return true
    }
    const part = takePart(this.#chunks, head)
    if (part === undefined) return false
    if (head.number === 1) checkKind(part)
    return true
  }

  #takeListPart(items: Item[]): boolean {
    const head = peekPart(this.#chunks)
    if (head === undefined) {
      if (this.#chunks.length >= this.#left) throw new ReadFailure('the list ends inside a field')
      return false
    }
    const total = head.wire === 2 ? head.size + head.length : head.size
    if (total > this.#left) throw new ReadFailure('the list ends inside a field')
    const part = takePart(this.#chunks, head)
    if (part === undefined) return false
    this.#left -= total
    if (head.wire !== 2) return true
    if (head.number === 1) this.#meta = decode(part, meta)
    else if (head.number === 2)
      items.push({ type: 'added', row: rowOf(this.#model, decode(part, this.#model.message)) })
    return true
  }

  #finish(items: Item[]): boolean {
    const { resourceVersion: version = '', continue: next } = this.#meta
    items.push({ type: 'list', version, continue: next })
    this.#state = 'after'
    return true
  }

  #takeRest(): boolean {
    const head = this.#chunks.length > 0 ? peekPart(this.#chunks) : undefined
    return head !== undefined && takePart(this.#chunks, head) !== undefined
  }
}

function checkKind(part: Buffer): void {
  const { kind = '' }: { readonly kind?: string } = decode(part, typeMeta)
  if (!kind.endsWith('List')) throw new ReadFailure('the answer is not a list')
}
