import { AppError, conflict, invalidField } from '#gateway/errors.ts'
import type { Certificate } from '#bridge/gateways.ts'
import { readAddress, targetOf } from './address.ts'
import {
  describeCertificate,
  fingerprintOf,
  keyHashOf,
  readFingerprint,
  warningsOf,
} from './certificate.ts'
import { probe, type Pin } from './connect.ts'
import type { PinStore, Remembered } from './pin-store.ts'

export type Finding =
  | { readonly status: 'known'; readonly id: string; readonly certificate: Certificate }
  | { readonly status: 'new'; readonly certificate: Certificate; readonly warnings: string[] }
  | {
      readonly status: 'changed'
      readonly id: string
      readonly certificate: Certificate
      readonly known: string
      readonly firstSeenAt: string
    }

/** As long as it takes to compare a fingerprint by telephone. */
const shownFor = 15 * 60_000
const shownAtMost = 8

/**
 * Gives trust to keys, on first sight or in place of another. Only a key that was shown in this run and is
 * named by its fingerprint can be trusted, so that nothing slips in between looking and agreeing.
 */
export class Trust {
  readonly #pins: PinStore
  readonly #shown = new Map<string, Pin & { readonly at: number }>()

  constructor(pins: PinStore) {
    this.#pins = pins
  }

  async probe(text: string): Promise<Finding> {
    const address = readAddress(text)
    const { host } = targetOf(address)
    const { certificate: shown, authority, valid } = await probe(address)
    const pin: Pin = { by: valid ? 'authority' : 'key', sha256: keyHashOf(shown) }
    this.#remember(address, pin)
    const certificate = describeCertificate(host, shown)
    const known = this.#pins.at(address)
    if (!known) return { status: 'new', certificate, warnings: warningsOf(host, shown, authority) }
    if (agrees(known, pin)) return { status: 'known', id: known.id, certificate }
    return {
      status: 'changed',
      id: known.id,
      certificate,
      known: fingerprintOf(known.sha256),
      firstSeenAt: known.firstSeenAt,
    }
  }

  /** For a gateway that was never seen; one that is known keeps its key. */
  trust(text: string, fingerprint: string): Remembered {
    const address = readAddress(text)
    const pin = this.#take(address, fingerprint)
    const known = this.#pins.at(address)
    if (known && !agrees(known, pin))
      throw conflict('This gateway is known by another key: it must be replaced on purpose')
    return known ?? this.#pins.put(address, pin)
  }

  /** Only for whoever types the host's name: the one step between a changed key and an attacker. */
  replaceKey(id: string, fingerprint: string, typedHost: string): Remembered {
    const known = this.#pins.get(id)
    const { host } = targetOf(known.address)
    const typed = typedHost.trim().toLowerCase()
    if (typed !== host.toLowerCase() && typed !== new URL(known.address).host.toLowerCase())
      throw invalidField('typedHost', 'is not the name of this gateway')
    return this.#pins.put(known.address, this.#take(known.address, fingerprint))
  }

  #remember(address: string, pin: Pin): void {
    this.#shown.delete(address)
    this.#shown.set(address, { ...pin, at: Date.now() })
    const [oldest] = this.#shown.keys()
    if (this.#shown.size > shownAtMost && oldest !== undefined) this.#shown.delete(oldest)
  }

  #take(address: string, fingerprint: string): Pin {
    const shown = this.#shown.get(address)
    if (!shown || Date.now() - shown.at > shownFor)
      throw new AppError('conflict', 'Look at the gateway’s key first')
    if (readFingerprint(fingerprint) !== shown.sha256)
      throw new AppError('conflict', 'This is not the key that was shown')
    return { by: shown.by, sha256: shown.sha256 }
  }
}

/** Authorities may vouch for a new key; a key that was compared by a person stays the only one. */
const agrees = (known: Remembered, shown: Pin): boolean =>
  known.sha256 === shown.sha256 || (known.by === 'authority' && shown.by === 'authority')
