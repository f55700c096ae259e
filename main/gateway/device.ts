import type { TLSSocket } from 'node:tls'
import { createGatewayClient, type GatewayAnswer, type GatewayRequest } from '#gateway/client.ts'
import type { SignedIn } from '#gateway/entry.ts'
import { AppError } from '#gateway/errors.ts'
import type { Gateway } from '#gateway'
import type { StreamName } from '#gateway/streams.ts'
import { connectPinned, PinnedAgent } from './connect.ts'
import { exchange } from './exchange.ts'
import type { GatewayLine } from './line.ts'
import type { PinStore } from './pin-store.ts'
import { openGatewayStream, type GatewayStream, type StreamEars } from './stream.ts'
import type { Found, Kept, Vault } from './vault.ts'

/** A token that lives shorter than this is exchanged before it is handed out. */
const margin = 60_000

interface Held extends Kept {
  readonly accessToken: string
  /** By this machine's clock, so that a wrong one does not hand out dead tokens. */
  readonly accessEndsAt: number
}

export type DeviceState =
  | { readonly status: 'signed out'; readonly reason?: string }
  | {
      readonly status: 'signed in'
      readonly person: Kept['person']
      readonly kept: 'sealed' | 'memory'
      readonly trouble?: string
    }

interface DeviceParts {
  readonly id: string
  readonly pins: PinStore
  readonly vault: Vault
  /** How this machine is called in the person's list of sessions. */
  readonly name: string
  readonly changed: () => void
}

/** This machine at one gateway: its connection, its session and the only place where tokens are. */
export class Device implements GatewayLine {
  readonly address: string
  readonly agent: PinnedAgent
  readonly client: Gateway
  readonly #parts: DeviceParts
  readonly #endings = new Set<() => void>()
  #held: Held | undefined
  #kept: 'sealed' | 'memory' = 'memory'
  #refreshing: Promise<Held> | undefined
  #reason: string | undefined
  #trouble: string | undefined

  constructor(parts: DeviceParts) {
    this.#parts = parts
    this.address = parts.pins.get(parts.id).address
    // Idle connections end well before the gateway would end them.
    this.agent = new PinnedAgent(() => this.connect(), { keepAlive: true, timeout: 30_000 })
    this.client = createGatewayClient((request) => this.send(request))
  }

  get state(): DeviceState {
    if (!this.#held)
      return { status: 'signed out', ...(this.#reason !== undefined && { reason: this.#reason }) }
    return {
      status: 'signed in',
      person: this.#held.person,
      kept: this.#kept,
      ...(this.#trouble !== undefined && { trouble: this.#trouble }),
    }
  }

  /** The pin is read at each connection, so that a replaced or forgotten key counts at once. */
  async connect(): Promise<TLSSocket> {
    const { pins, id } = this.#parts
    try {
      return await connectPinned(this.address, pins.get(id))
    } catch (error) {
      if (error instanceof AppError) this.#saw(error.message)
      throw error
    }
  }

  onEnd(listener: () => void): () => void {
    this.#endings.add(listener)
    return () => this.#endings.delete(listener)
  }

  async token(): Promise<string> {
    const held = this.#signedIn()
    if (remaining(held) > margin) return held.accessToken
    try {
      return (await this.#refresh()).accessToken
    } catch (error) {
      // A gateway that is away for a moment is no reason to withhold what is still good.
      if (this.#held === held && remaining(held) > 0) return held.accessToken
      throw error
    }
  }

  /** After a refusal of `spent`: what has replaced it meanwhile, else a new one. */
  async renew(spent: string): Promise<string> {
    const held = this.#signedIn()
    return held.accessToken === spent ? (await this.#refresh()).accessToken : held.accessToken
  }

  /** Opens a stream that ends with the session, whoever ends that. */
  openStream(name: StreamName, input: unknown, ears: StreamEars): GatewayStream {
    const stream = openGatewayStream(this, name, input, {
      text: (text) => {
        // Ended by the gateway: perhaps for this stream alone, perhaps with the whole session.
        if (text.startsWith('{"type":"closed"')) void this.check()
        ears.text(text)
      },
      bytes: (bytes) => {
        ears.bytes(bytes)
      },
      ended: (error) => {
        leave()
        ears.ended(error)
      },
    })
    const leave = this.onEnd(() => {
      stream.cut('The session at this gateway has ended')
    })
    return stream
  }

  /** Goes on with a session that was kept; what the vault found is told where it could not. */
  async restore(): Promise<Found['status']> {
    const found = await this.#parts.vault.read(this.#parts.id)
    if (this.#held) return 'kept'
    if (found.status === 'kept') {
      this.#held = { ...found.kept, accessToken: '', accessEndsAt: 0 }
      this.#kept = 'sealed'
      this.#reason = undefined
    } else this.#reason = explain(found) ?? this.#reason
    this.#parts.changed()
    return found.status
  }

  async signIn(name: string, password: string): Promise<void> {
    const device = this.#parts.name
    const answer = await this.client.entry.signIn({ name, password, device })
    const before = this.#held
    if (before) this.#tellEnd()
    const held = heldFrom(answer)
    await this.#hold(held)
    this.#parts.changed()
    if (before) await this.#revoke(before.sessionId)
  }

  /** Ends the session here in any case, and at the gateway where it can be told. */
  async signOut(): Promise<void> {
    if (!this.#held) return
    const told = await inTime(this.client.sessions.signOut({})).then(
      () => true,
      (error: unknown) => error instanceof AppError && error.code === 'unauthenticated',
    )
    await this.#end(
      told ? undefined : 'Signed out here. The gateway could not be told: end the session there',
    )
  }

  /** Asks whether the session still lives, after a hint that it may not. */
  async check(): Promise<void> {
    await this.client.persons.me({}).catch(() => undefined)
  }

  /** Another gateway is looked at: what is open here ends, the session stays. */
  leave(): void {
    this.#tellEnd()
    this.agent.destroy()
  }

  /** Idle connections may be dead after a sleep; those in use find out by themselves. */
  reconnect(): void {
    for (const sockets of Object.values(this.agent.freeSockets))
      for (const socket of sockets ?? []) socket.destroy()
  }

  #signedIn(): Held {
    if (!this.#held) throw new AppError('unauthenticated', 'Sign in first')
    return this.#held
  }

  /** Carries a request of the contract, signed in where it needs somebody. */
  async send(request: GatewayRequest): Promise<GatewayAnswer> {
    if (request.needs === 'nobody') return this.#exchange(request)
    const token = await this.token()
    const answer = await this.#exchange(request, token)
    if (answer.status !== 401) return answer
    // It was refused before it was carried out, so asking again does it once.
    return this.#exchange(request, await this.renew(token))
  }

  async #exchange(request: GatewayRequest, token?: string): Promise<GatewayAnswer> {
    try {
      const answer = await exchange(this, request, token)
      this.#saw(undefined)
      return answer
    } catch (error) {
      if (error instanceof AppError && error.code !== 'too_large') this.#saw(error.message)
      throw error
    }
  }

  #saw(trouble: string | undefined): void {
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    this.#parts.changed()
  }

  #refresh(): Promise<Held> {
    this.#refreshing ??= this.#exchangeTokens().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #exchangeTokens(): Promise<Held> {
    const before = this.#signedIn()
    try {
      const held = heldFrom(await this.client.entry.refresh({ refreshToken: before.refreshToken }))
      // Signed out meanwhile, or in as somebody else: the answer belongs to nobody.
      if (this.#held !== before) throw new AppError('unauthenticated', 'Sign in first')
      await this.#hold(held)
      return held
    } catch (error) {
      const ended = error instanceof AppError && error.code === 'unauthenticated'
      if (ended && this.#held === before) await this.#end('The gateway has ended this session')
      throw error
    }
  }

  /** Written before it is used: the token it replaces is good for seconds only. */
  async #hold(held: Held): Promise<void> {
    this.#held = held
    this.#reason = undefined
    const { refreshToken, sessionId, person } = held
    this.#kept = await this.#parts.vault.write(this.#parts.id, { refreshToken, sessionId, person })
  }

  async #end(reason: string | undefined): Promise<void> {
    this.#held = undefined
    this.#reason = reason
    this.#trouble = undefined
    await this.#parts.vault.remove(this.#parts.id)
    this.#tellEnd()
    this.#parts.changed()
  }

  #tellEnd(): void {
    const listeners = [...this.#endings]
    this.#endings.clear()
    for (const listener of listeners) listener()
  }

  async #revoke(id: string): Promise<void> {
    // It may have ended long ago, or be another person's: either way it is not ours to end.
    await inTime(this.client.sessions.revoke({ id })).catch(() => undefined)
  }
}

const remaining = ({ accessEndsAt }: Held) => accessEndsAt - Date.now()

function heldFrom({ accessToken, accessExpiresAt, refreshToken, person, session }: SignedIn): Held {
  const { id, name, admin } = person
  return {
    accessToken,
    accessEndsAt: byOurClock(accessToken) ?? Date.parse(accessExpiresAt),
    refreshToken,
    sessionId: session.id,
    person: { id, name, admin },
  }
}

/** The token was made just now, so its length counts from now, whatever the gateway's clock says. */
function byOurClock(token: string): number | undefined {
  try {
    const part = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    const claims = JSON.parse(part) as Readonly<Record<string, unknown>>
    const seconds = Number(claims['exp']) - Number(claims['iat'])
    return seconds > 0 ? Date.now() + seconds * 1000 : undefined
  } catch {
    return undefined
  }
}

function explain(found: Found): string | undefined {
  switch (found.status) {
    case 'locked':
      return 'The keyring of this machine is locked: unlock it to go on, or sign in again'
    case 'moved':
      return `The session was sealed by another keyring (${found.from}) than the one in use now (${found.to}): sign in again`
    case 'damaged':
      return 'What was kept of the session cannot be read: sign in again'
    case 'none':
    case 'kept':
      return undefined
  }
}

const farewell = 5000

/** Leaving must not hang on a gateway that is away. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('gateway_timeout', 'The gateway does not answer'))
    }, farewell)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
