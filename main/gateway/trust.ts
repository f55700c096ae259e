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
      /** Authorities of this machine accept the new one, name and dates included. */
      readonly vouched: boolean
    }

/** Another key for a gateway that is known, for whoever decides on it. */
export interface KeyChange {
  readonly address: string
  /** Fingerprints. */
  readonly before: string
  readonly now: string
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
    const pin: Pin = { sha256: keyHashOf(shown) }
    this.#remember(address, pin)
    const certificate = describeCertificate(host, shown)
    const known = this.#pins.at(address)
    if (!known) return { status: 'new', certificate, warnings: warningsOf(host, shown, authority) }
    if (known.sha256 === pin.sha256) return { status: 'known', id: known.id, certificate }
    return {
      status: 'changed',
      id: known.id,
      certificate,
      known: fingerprintOf(known.sha256),
      firstSeenAt: known.firstSeenAt,
      vouched: valid,
    }
  }

  /** For a gateway that was never seen; one that is known keeps its key. */
  trust(text: string, fingerprint: string): Remembered {
    const address = readAddress(text)
    const pin = this.#take(address, fingerprint)
    const known = this.#pins.at(address)
    if (known && known.sha256 !== pin.sha256)
      throw conflict('This gateway is known by another key: it must be replaced on purpose')
    return known ?? this.#pins.put(address, pin)
  }

  /** Only for whoever types the host's name. Nothing is changed by asking. */
  judgeChange(id: string, fingerprint: string, typedHost: string): KeyChange {
    const known = this.#pins.get(id)
    const { host } = targetOf(known.address)
    const typed = typedHost.trim().toLowerCase()
    if (typed !== host.toLowerCase() && typed !== new URL(known.address).host.toLowerCase())
      throw invalidField('typedHost', 'is not the name of this gateway')
    const { sha256 } = this.#take(known.address, fingerprint)
    const [before, now] = [fingerprintOf(known.sha256), fingerprintOf(sha256)]
    return { address: known.address, before, now }
  }

  replaceKey(id: string, fingerprint: string, typedHost: string): Remembered {
    const { address } = this.judgeChange(id, fingerprint, typedHost)
    return this.#pins.put(address, this.#take(address, fingerprint))
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
    return { sha256: shown.sha256 }
  }
}
