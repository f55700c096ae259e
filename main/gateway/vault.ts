import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readState, writeState } from '../platform/state-file.ts'

/** The keyring of this machine, as Electron's safeStorage offers it. */
export interface Keyring {
  /** `basic_text` and `unknown` keep nothing secret. */
  backend(): string
  available(): Promise<boolean>
  seal(text: string): Promise<Buffer>
  /** `again`: the key has changed and what was read should be sealed anew. Rejects while it is locked. */
  open(sealed: Buffer): Promise<{ readonly text: string; readonly again: boolean }>
}

const Kept = z.object({
  refreshToken: z.string(),
  sessionId: z.string(),
  person: z.object({ id: z.string(), name: z.string(), admin: z.boolean() }),
})
/** What outlives the app: enough to go on with a session, and no token that is good for a call. */
export type Kept = z.infer<typeof Kept>

const Envelope = z.object({
  v: z.literal(1),
  backend: z.string(),
  gatewayId: z.string(),
  blob: z.string(),
})

export type Found =
  | { readonly status: 'none' }
  | { readonly status: 'kept'; readonly kept: Kept }
  /** Asked again later; never deleted, for it will open when the keyring does. */
  | { readonly status: 'locked' }
  /** Sealed by another keyring than the one there is now. */
  | { readonly status: 'moved'; readonly from: string; readonly to: string }
  | { readonly status: 'damaged' }

const patience = 5000

const weak: ReadonlySet<string> = new Set(['basic_text', 'unknown'])

/** Sessions at rest: one sealed file for each gateway, so that leaving one does not touch another. */
export class Vault {
  readonly #folder: string
  readonly #keyring: Keyring
  /** Gateways whose file holds what this run has opened or written: it is spent by the next write. */
  readonly #ours = new Set<string>()
  #work: Promise<unknown> = Promise.resolve()

  constructor(folder: string, keyring: Keyring) {
    this.#folder = folder
    this.#keyring = keyring
  }

  async read(gatewayId: string): Promise<Found> {
    const text = readState(this.#fileOf(gatewayId))
    if (text === undefined) return { status: 'none' }
    const envelope = Envelope.safeParse(parse(text))
    if (!envelope.success || envelope.data.gatewayId !== gatewayId) return { status: 'damaged' }
    const { backend, blob } = envelope.data
    const now = this.#keyring.backend()
    if (backend !== now) return { status: 'moved', from: backend, to: now }
    try {
      if (!(await this.#keyring.available())) return { status: 'locked' }
      const opened = await this.#keyring.open(Buffer.from(blob, 'base64'))
      const kept = Kept.safeParse(parse(opened.text))
      if (!kept.success) return { status: 'damaged' }
      this.#ours.add(gatewayId)
      // What was read stays good, whatever becomes of sealing it anew.
      if (opened.again) await this.#inTurn(() => this.#seal(gatewayId, kept.data))
      return { status: 'kept', kept: kept.data }
    } catch {
      return { status: 'locked' }
    }
  }

  /** `memory` where no keyring keeps a secret, or this one will not now. */
  write(gatewayId: string, kept: Kept): Promise<'sealed' | 'memory'> {
    return this.#inTurn(async () => {
      if (await this.#seal(gatewayId, kept)) return 'sealed'
      if (this.#ours.has(gatewayId)) this.#drop(gatewayId)
      return 'memory'
    })
  }

  /** What lies there is spent: shown to the gateway at the next start, it would look like theft. */
  #drop(gatewayId: string): void {
    try {
      rmSync(this.#fileOf(gatewayId), { force: true })
      this.#ours.delete(gatewayId)
    } catch {
      // It stays, and costs a sign-in after the next start.
    }
  }

  /** After every write that was asked for before: nothing comes back from the dead. */
  remove(gatewayId: string): Promise<void> {
    return this.#inTurn(() => {
      rmSync(this.#fileOf(gatewayId), { force: true })
      return Promise.resolve()
    })
  }

  async #seal(gatewayId: string, kept: Kept): Promise<boolean> {
    const backend = this.#keyring.backend()
    try {
      if (weak.has(backend) || !(await soon(this.#keyring.available()))) return false
      const sealed = await soon(this.#keyring.seal(JSON.stringify(kept)))
      const blob = sealed.toString('base64')
      writeState(this.#fileOf(gatewayId), JSON.stringify({ v: 1, backend, gatewayId, blob }))
      this.#ours.add(gatewayId)
      return true
    } catch {
      return false
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work, work)
    this.#work = result.catch(() => undefined)
    return result
  }

  /** Ids are ours, but they come back from a window: what is no uuid names no file. */
  #fileOf(gatewayId: string): string {
    if (!/^[0-9a-f-]{36}$/.test(gatewayId)) throw new Error('not the id of a gateway')
    return join(this.#folder, `${gatewayId}.json`)
  }
}

/** A keyring that asks its person may never answer; signing out must not wait for it. */
async function soon<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the keyring does not answer'))
    }, patience)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
