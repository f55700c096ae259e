import type { DesktopStream } from '#bridge'
import { AppError, type ErrorBody } from '#gateway/errors.ts'
import {
  desktop,
  gateway,
  home,
  onDesktop,
  openStream,
  type StreamLink,
} from '../../../renderer/data/bridge.ts'

/** What became of a call, as plain data. */
export type Outcome =
  | { readonly status: 'answered'; readonly value: unknown }
  | { readonly status: 'refused'; readonly code: string; readonly fields: readonly string[] }
  | { readonly status: 'broken'; readonly message: string }

export interface End {
  readonly reason: string | undefined
  readonly error: ErrorBody | undefined
}

/** One stream and everything that was heard on it. */
class Line {
  readonly messages: Readonly<Record<string, unknown>>[] = []
  readonly ends: End[] = []
  bytes: number[] = []
  count = 0
  /** The bytes of a terminal are told as taken, each piece as it comes. */
  acknowledges = true
  isOpened = false
  readonly #link: StreamLink
  #wake: () => void = () => undefined

  constructor(name: string, input: unknown) {
    this.#link = openStream(name as DesktopStream, input, {
      opened: () => {
        this.isOpened = true
        this.#wake()
      },
      message: (message) => {
        this.messages.push(message as Readonly<Record<string, unknown>>)
        this.#wake()
      },
      bytes: (bytes) => {
        if (this.bytes.length < 4096) this.bytes.push(...bytes)
        this.count += bytes.length - 1
        if (this.acknowledges) this.send({ type: 'ack', count: bytes.length - 1 })
        this.#wake()
      },
      closed: (reason, error) => {
        this.ends.push({ reason, error })
        this.#wake()
      },
    })
  }

  send(message: unknown): void {
    this.#link.send(message)
  }

  sendBytes(bytes: Uint8Array): void {
    this.#link.sendBytes(bytes)
  }

  close(): void {
    this.#link.close()
  }

  async until(fits: () => boolean): Promise<void> {
    while (!fits())
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
  }
}

const lines: Line[] = []
const line = (id: number): Line => {
  const found = lines[id]
  if (!found) throw new Error(`There is no line ${String(id)}`)
  return found
}

type Calls = Readonly<
  Record<string, Readonly<Record<string, (input: unknown) => Promise<unknown>>>>
>

/** What the tests drive; everything goes through the renderer’s own bridge. */
const driver = {
  home,
  hasDesktop: desktop !== undefined,

  async call(group: string, name: string, input: unknown): Promise<Outcome> {
    const { [group]: calls = {} } = gateway as unknown as Calls
    const { [name]: call } = calls
    if (!call) return { status: 'broken', message: 'The client has no such call' }
    try {
      return { status: 'answered', value: await call(input) }
    } catch (error) {
      if (!(error instanceof AppError)) return { status: 'broken', message: String(error) }
      return { status: 'refused', code: error.code, fields: Object.keys(error.fields ?? {}) }
    }
  },

  /** Past the client, which knows no name that is not in the contract. */
  async callUnknown(name: string): Promise<string> {
    if (!window.bridge) {
      const answer = await fetch(`/api/${name.replace('.', '/')}`, { method: 'POST' })
      return ((await answer.json()) as ErrorBody).code
    }
    const reply = await window.bridge.gateway(name, {})
    return reply.ok ? 'answered' : (reply.error as ErrorBody).code
  },

  async signIn(address: string, name: string, password: string): Promise<string> {
    if (!desktop) return (await gateway.entry.signInConsole({ name, password })).person.name
    const { gateways, session } = desktop
    const found = await gateways.probe({ address })
    if (found.status !== 'new') throw new Error('It is known already')
    const { id } = await gateways.trust({ address, fingerprint: found.certificate.fingerprint })
    await gateways.select({ id })
    return (await session.signIn({ name, password })).status
  },

  /** Whether listening to what only an app says is harmless here. */
  listens(): boolean {
    onDesktop('woke', () => undefined)()
    return true
  },

  open(name: string, input: unknown): number {
    return lines.push(new Line(name, input)) - 1
  },
  send(id: number, message: unknown): void {
    line(id).send(message)
  },
  sendBytes(id: number, bytes: readonly number[]): void {
    line(id).sendBytes(Uint8Array.from(bytes))
  },
  /** So many zeros in one message. */
  sendMany(id: number, count: number): void {
    line(id).sendBytes(new Uint8Array(count))
  },
  close(id: number): void {
    line(id).close()
  },
  setAcknowledges(id: number, on: boolean): void {
    const it = line(id)
    if (on) it.send({ type: 'ack', count: it.count })
    it.acknowledges = on
  },

  opened: (id: number) => line(id).until(() => line(id).isOpened || line(id).ends.length > 0),
  counted: (id: number, count: number) => line(id).until(() => line(id).count >= count),
  said: async (id: number, type: string) => {
    await line(id).until(() => line(id).messages.some((it) => it['type'] === type))
    return line(id).messages.find((it) => it['type'] === type)
  },
  ended: async (id: number) => {
    await line(id).until(() => line(id).ends.length > 0)
    return line(id).ends
  },
  heard: (id: number) => {
    const { bytes, count, isOpened } = line(id)
    return { bytes, count, isOpened }
  },
}
export type Driver = typeof driver

declare global {
  interface Window {
    driver: Driver
  }
}
window.driver = driver
