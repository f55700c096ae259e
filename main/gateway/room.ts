import type { Gateway } from '#gateway'
import { createGatewayClient, type GatewayAnswer, type GatewayRequest } from '#gateway/client.ts'
import { AppError } from '#gateway/errors.ts'
import type { KnownGateway } from '#bridge/gateways.ts'
import type { SessionState } from '#bridge/session.ts'
import { fingerprintOf } from './certificate.ts'
import { Device } from './device.ts'
import type { PinStore, Remembered } from './pin-store.ts'
import { Trust, type Finding, type KeyChange } from './trust.ts'
import type { Vault } from './vault.ts'

interface RoomParts {
  readonly pins: PinStore
  readonly vault: Vault
  readonly deviceName: string
}

/** How long a window waits for a keyring before it shows the sign-in instead. */
const keyringPatience = 3000

/** The gateways this app knows and the one that is looked at; everything else asks here. */
export class GatewayRoom {
  readonly #parts: RoomParts
  readonly #trust: Trust
  readonly #devices = new Map<string, Device>()
  readonly #listeners = new Set<(state: SessionState) => void>()
  #restoring: { readonly id: string; readonly done: Promise<unknown> } | undefined
  #locked = false
  #told = ''

  constructor(parts: RoomParts) {
    this.#parts = parts
    this.#trust = new Trust(parts.pins)
  }

  /** The device at the gateway that is looked at. */
  get device(): Device | undefined {
    const { current } = this.#parts.pins
    return current && this.#deviceOf(current)
  }

  /** The gateway's contract, wherever it leads now. */
  readonly client: Gateway = createGatewayClient((request) => this.#send(request))

  get state(): SessionState {
    const { current } = this.#parts.pins
    if (!current) return { status: 'no gateway' }
    const { id: gatewayId, address } = current
    return { gatewayId, address, ...this.#deviceOf(current).state }
  }

  /** The state once the keyring had its chance to answer; a locked one is asked again. */
  async settled(): Promise<SessionState> {
    const { current } = this.#parts.pins
    if (!current) return this.state
    if (this.#locked && this.#restoring?.id === current.id) this.#restoring = undefined
    if (this.#restoring?.id !== current.id && this.state.status === 'signed out')
      this.#restoring = { id: current.id, done: this.#restore(current) }
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, keyringPatience)
    })
    await Promise.race([this.#restoring?.done, patience])
    clearTimeout(timer)
    return this.state
  }

  /** Tells each new state once. */
  onState(listener: (state: SessionState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  list(): KnownGateway[] {
    return this.#parts.pins.all.map((it) => this.#present(it))
  }

  /** Sessions that this run holds beside the one that is looked at. */
  others(): { gatewayId: string; address: string; person: string }[] {
    const { all, current } = this.#parts.pins
    return all.flatMap(({ id, address }) => {
      const state = id === current?.id ? undefined : this.#devices.get(id)?.state
      if (state?.status !== 'signed in') return []
      return [{ gatewayId: id, address, person: state.person.name }]
    })
  }

  /** @throws AppError `not_found` */
  known(id: string): KnownGateway {
    return this.#present(this.#parts.pins.get(id))
  }

  probe(address: string): Promise<Finding> {
    return this.#trust.probe(address)
  }

  trust(address: string, fingerprint: string): KnownGateway {
    const known = this.#trust.trust(address, fingerprint)
    if (!this.#parts.pins.current) this.#parts.pins.select(known.id)
    this.#tell()
    return this.#present(known)
  }

  /** What `replaceKey` would do: to be shown to a person where no page can answer. */
  judgeKeyChange(id: string, fingerprint: string, typedHost: string): KeyChange {
    return this.#trust.judgeChange(id, fingerprint, typedHost)
  }

  replaceKey(id: string, fingerprint: string, typedHost: string): KnownGateway {
    const known = this.#trust.replaceKey(id, fingerprint, typedHost)
    // What is open leads to the key that is trusted no more.
    this.#devices.get(id)?.leave()
    return this.#present(known)
  }

  select(id: string): void {
    const { pins } = this.#parts
    if (pins.get(id).id === pins.current?.id) return
    this.device?.leave()
    pins.select(id)
    this.#tell()
  }

  async forget(id: string): Promise<void> {
    const known = this.#parts.pins.get(id)
    const device = this.#deviceOf(known)
    if (device.state.status === 'signed out') await device.restore()
    await device.signOut()
    device.leave()
    await this.#parts.vault.remove(id)
    this.#devices.delete(id)
    this.#parts.pins.forget(id)
    this.#tell()
  }

  async signIn(name: string, password: string): Promise<SessionState> {
    await this.#here().signIn(name, password)
    return this.state
  }

  async signOut(): Promise<SessionState> {
    await this.#here().signOut()
    return this.state
  }

  /** The machine slept or changed its network: what was open may be dead. */
  woke(): void {
    this.device?.reconnect()
  }

  #here(): Device {
    const { device } = this
    if (!device) throw new AppError('unauthenticated', 'Choose a gateway first')
    return device
  }

  async #send(request: GatewayRequest): Promise<GatewayAnswer> {
    return this.#here().send(request)
  }

  async #restore(known: Remembered): Promise<void> {
    const found = await this.#deviceOf(known).restore()
    this.#locked = found === 'locked'
  }

  #deviceOf({ id }: Remembered): Device {
    const known = this.#devices.get(id)
    if (known) return known
    const { pins, vault, deviceName } = this.#parts
    const device = new Device({
      id,
      pins,
      vault,
      name: deviceName,
      changed: () => {
        this.#tell()
      },
    })
    this.#devices.set(id, device)
    return device
  }

  #present({ id, address, sha256, firstSeenAt }: Remembered): KnownGateway {
    const current = this.#parts.pins.current?.id === id
    return { id, address, fingerprint: fingerprintOf(sha256), firstSeenAt, current }
  }

  #tell(): void {
    const { state } = this
    const said = JSON.stringify(state)
    if (said === this.#told) return
    this.#told = said
    for (const listener of this.#listeners) listener(state)
  }
}

/** A name of this machine that the gateway takes: one line of at most a hundred characters. */
export function deviceNameFrom(hostname: string): string {
  const name = hostname.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '').trim()
  return name.slice(0, 100).trim() || 'desktop'
}
