import { randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import { z } from 'zod'
import { notFound } from '#gateway/errors.ts'
import { readState, writeState } from '../platform/state-file.ts'
import type { Pin } from './connect.ts'

const Remembered = z.object({
  id: z.uuid(),
  address: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  firstSeenAt: z.string(),
})
/**
 * A gateway this app knows, and by which key. Files of before may also name the way `authority`, by which any
 * key that a system authority vouched for was taken: the key that was shown then is the pin now.
 */
export type Remembered = z.infer<typeof Remembered>

const File = z.object({
  v: z.literal(1),
  current: z.string().optional(),
  gateways: z.array(Remembered).max(1000),
})
type File = z.infer<typeof File>

/** Which gateways are known, by which keys, and which one is looked at: one file for its owner only. */
export class PinStore {
  readonly #path: string
  #file: File

  constructor(path: string) {
    this.#path = path
    this.#file = read(path)
  }

  get all(): readonly Remembered[] {
    return this.#file.gateways
  }

  get current(): Remembered | undefined {
    return this.#file.gateways.find((it) => it.id === this.#file.current)
  }

  at(address: string): Remembered | undefined {
    return this.#file.gateways.find((it) => it.address === address)
  }

  /** @throws AppError `not_found` */
  get(id: string): Remembered {
    const found = this.#file.gateways.find((it) => it.id === id)
    if (!found) throw notFound('This gateway')
    return found
  }

  /** Remembers a new one, or another key for one that is known. */
  put(address: string, pin: Pin): Remembered {
    const before = this.at(address)
    const entry = {
      id: before?.id ?? randomUUID(),
      address,
      sha256: pin.sha256,
      firstSeenAt: new Date().toISOString(),
    }
    const others = this.#file.gateways.filter((it) => it.address !== address)
    this.#write({ ...this.#file, gateways: [...others, entry] })
    return entry
  }

  select(id: string): void {
    this.#write({ ...this.#file, current: this.get(id).id })
  }

  forget(id: string): void {
    const { current, ...rest } = this.#file
    const gateways = rest.gateways.filter((it) => it.id !== id)
    this.#write({ ...rest, gateways, ...(current !== undefined && current !== id && { current }) })
  }

  #write(file: File): void {
    writeState(this.#path, `${JSON.stringify(file, undefined, 2)}\n`)
    this.#file = file
  }
}

/** A damaged file is put aside, never guessed at: each gateway is then a stranger whose key is shown again. */
function read(path: string): File {
  const text = readState(path)
  if (text === undefined) return { v: 1, gateways: [] }
  try {
    return File.parse(JSON.parse(text))
  } catch {
    renameSync(path, `${path}.damaged`)
    return { v: 1, gateways: [] }
  }
}
