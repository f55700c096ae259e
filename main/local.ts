import type { Forward } from '#bridge/forwards.ts'
import type { LocalTerminalInput } from '#bridge/local-terminal.ts'
import { AppError } from '#gateway/errors.ts'
import type { Place } from '#gateway/place.ts'
import type { StreamPort } from '#gateway/streams.ts'
import { createForwards, type Forwards } from './forwards/forwards.ts'
import type { Device } from './gateway/device.ts'
import { createLoopback, type Loopback } from './loopback/loopback.ts'
import { sweepPrivateFolder } from './loopback/private-folder.ts'
import { openLocalTerminal } from './terminals/local-terminal.ts'
import { readLoginEnvironment, type LoginEnvironment } from './terminals/login-environment.ts'
import type { PtyHost } from './terminals/pty-protocol.ts'

interface LocalParts {
  /** The device at the gateway that is looked at. */
  readonly device: () => Device | undefined
  /** Private folders of terminals, and what their tools keep for each place. */
  readonly terminals: string
  readonly homes: string
  readonly startHost: () => PtyHost
  /** A shell on this machine is more than a page may open by itself. */
  readonly confirm: () => Promise<boolean>
  readonly onTerminals: () => void
  readonly onForwards: (forwards: readonly Forward[]) => void
  readonly onRefused: (reason: string) => void
}

/** What is made for one session and ends with it. */
interface Belongings {
  readonly device: Device
  readonly forwards: Forwards
  readonly loopback: Loopback
}

/** What the app does on this machine in the name of a session: forwards, and shells that reach a cluster. */
export class Local {
  readonly #parts: LocalParts
  #own: Belongings | undefined
  #confirmed: Promise<boolean> | undefined
  #login: Promise<LoginEnvironment> | undefined
  #swept: Promise<void> | undefined
  readonly #terminals = new Set<Place>()

  constructor(parts: LocalParts) {
    this.#parts = parts
  }

  list(): readonly Forward[] {
    return this.#own?.forwards.list() ?? []
  }

  /** Where the open terminals lead. */
  terminals(): readonly Place[] {
    return [...this.#terminals]
  }

  get forwards(): Forwards {
    return this.#belongings().forwards
  }

  async openTerminal(input: LocalTerminalInput, port: StreamPort): Promise<void> {
    const { device: line, loopback } = this.#belongings()
    let gone = false
    port.onClose(() => {
      gone = true
    })
    if (!(await this.#mayOpenShell()))
      throw new AppError('forbidden', 'No shell was opened on this machine')
    const { homes, startHost, terminals } = this.#parts
    // Once: from then on what lies there belongs to terminals that live.
    await (this.#swept ??= sweepPrivateFolder(terminals).catch(() => undefined))
    if (gone) return
    const loginEnvironment = () => (this.#login ??= readLoginEnvironment())
    const { onTerminals } = this.#parts
    const place: Place = { cluster: input.cluster, profile: input.profile }
    this.#terminals.add(place)
    onTerminals()
    port.onClose(() => {
      this.#terminals.delete(place)
      onTerminals()
    })
    await openLocalTerminal({ line, loopback, homes, startHost, loginEnvironment }, input, port)
  }

  async stop(): Promise<void> {
    const own = this.#own
    this.#own = undefined
    await Promise.all([own?.forwards.close(), own?.loopback.close()])
  }

  /** A yes lasts until the app ends; after a no the next terminal asks again. */
  async #mayOpenShell(): Promise<boolean> {
    this.#confirmed ??= this.#parts.confirm()
    const yes = await this.#confirmed
    if (!yes) this.#confirmed = undefined
    return yes
  }

  #belongings(): Belongings {
    const device = this.#parts.device()
    if (device?.state.status !== 'signed in')
      throw new AppError('unauthenticated', 'Sign in to a gateway first')
    if (this.#own?.device === device) return this.#own
    const { terminals: folder, onForwards, onRefused } = this.#parts
    const own: Belongings = {
      device,
      forwards: createForwards(device, onForwards),
      loopback: createLoopback(device, { folder, onRefused }),
    }
    this.#own = own
    device.onEnd(() => {
      if (this.#own === own) this.#own = undefined
      void own.loopback.close()
      onForwards([])
    })
    return own
  }
}
