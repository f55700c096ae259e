import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import type { LocalTerminalInput } from '#bridge/local-terminal.ts'
import { AppError } from '#gateway/errors.ts'
import type { StreamPort, TerminalUp } from '#gateway/streams.ts'
import type { GatewayLine } from '../gateway/line.ts'
import type { Loopback, LoopbackAccess } from '../loopback/loopback.ts'
import type { LoginEnvironment } from './login-environment.ts'
import type { FromPtyHost, PtyHost, ToPtyHost } from './pty-protocol.ts'
import { terminalEnvironment } from './terminal-environment.ts'

export interface LocalTerminalParts {
  readonly line: GatewayLine
  readonly loopback: Loopback
  /** A folder of the app's data, for what tools keep for each place. */
  readonly homes: string
  readonly startHost: () => PtyHost
  readonly loginEnvironment: () => Promise<LoginEnvironment>
}

/**
 * A shell on this machine for one window's port. It ends with the port, with the session, or by itself, and
 * whichever comes first takes its token, its files and its process along.
 */
export async function openLocalTerminal(
  parts: LocalTerminalParts,
  input: LocalTerminalInput,
  port: StreamPort,
): Promise<void> {
  const terminal = new LocalTerminal(port)
  const { cluster, profile, namespace } = input
  const place = { cluster, profile }
  try {
    const [login, access] = await Promise.all([
      parts.loginEnvironment(),
      parts.loopback.open(place, namespace),
    ])
    terminal.owns(access)
    const { line, homes } = parts
    await mkdir(homes, { recursive: true, mode: 0o700 })
    const { kubeconfig } = access
    const env = terminalEnvironment({
      login: login.env,
      kubeconfig,
      place,
      homes,
      address: line.address,
    })
    await terminal.run(parts.startHost(), {
      type: 'start',
      program: login.shell,
      // On a Mac every terminal is a login; the files of one were read already, and reading them twice is usual there.
      args: process.platform === 'darwin' ? ['-l'] : [],
      folder: homedir(),
      env,
      columns: input.columns,
      rows: input.rows,
    })
  } catch (error) {
    await terminal.end()
    throw error
  }
}

class LocalTerminal {
  readonly #port: StreamPort
  #access: LoopbackAccess | undefined
  #host: PtyHost | undefined
  #isOver = false

  constructor(port: StreamPort) {
    this.#port = port
    port.onClose(() => void this.end())
    // Listened to from the beginning: what is typed before the shell is there would be lost.
    port.onMessage((message: TerminalUp) => this.#hear(message))
    port.onBytes((bytes) => this.#host?.post({ type: 'write', bytes }))
  }

  owns(access: LoopbackAccess): void {
    this.#access = access
    if (this.#isOver) void access.close()
    access.onEnd(() => {
      this.#port.close('You are signed out of the gateway')
      void this.end()
    })
  }

  /** Resolves when the shell runs. */
  run(host: PtyHost, start: ToPtyHost): Promise<void> {
    this.#host = host
    if (this.#isOver) host.kill()
    return new Promise((resolve, reject) => {
      host.onMessage((message) => {
        if (message.type === 'started') {
          this.#port.send({ type: 'opened' })
          resolve()
        } else if (message.type === 'failed')
          reject(new AppError('unavailable', `The shell could not be started: ${message.reason}`))
        else this.#pass(message)
      })
      host.onExit(() => {
        reject(new AppError('unavailable', 'The shell could not be started'))
        if (!this.#isOver) this.#port.close('The terminal has ended')
        void this.end()
      })
      host.post(start)
    })
  }

  async end(): Promise<void> {
    this.#isOver = true
    this.#host?.kill()
    await this.#access?.close()
  }

  #pass(message: FromPtyHost): void {
    if (message.type === 'output') this.#port.sendBytes(marked(message.bytes))
    else if (message.type === 'exit') {
      const { code, signal } = message
      const how = signal === undefined ? { code } : { reason: `ended by signal ${signal}` }
      this.#port.send({ type: 'exit', ...how })
      this.#port.close('The shell has ended')
      void this.end()
    }
  }

  #hear(message: TerminalUp): void {
    if (message.type === 'eof')
      this.#host?.post({ type: 'write', bytes: Uint8Array.of(endOfInput) })
    else if (message.type === 'ack') this.#host?.post(message)
    else this.#host?.post(message)
  }
}

/** Output of the contract tells by its first byte where it comes from; a terminal knows stdout only. */
function marked(bytes: Uint8Array): Uint8Array {
  const output = new Uint8Array(bytes.length + 1)
  output[0] = stdout
  output.set(bytes, 1)
  return output
}

const stdout = 1
/** Ctrl-D. */
const endOfInput = 4
