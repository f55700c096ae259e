import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGatewayClient } from '#gateway/client.ts'
import type { Gateway as Api } from '#gateway'
import { openDataFolder } from '../../build/scripts/start/data-folder.ts'
import { createSend } from '../../server/cli/send.ts'
import { administrator, freePort } from './gateway.ts'
import { Transcript } from './transcript.ts'

const program = fileURLToPath(new URL('../../server/index.ts', import.meta.url))

export interface GatewayProcessOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** Cluster addresses on this machine that may be registered, as host:port. */
  readonly allow?: readonly string[]
  /** Starts it again whenever it dies, as a service manager does. */
  readonly supervised?: boolean
}

/** The real gateway as its own process, on a data folder of its own. */
export interface GatewayProcess {
  readonly address: string
  readonly caPem: string
  readonly folder: string
  /** Answers /livez, /readyz and /metrics over plain HTTP. */
  readonly healthAddress: string
  /** Of the life that is going on. */
  readonly pid: number
  /** Everything all its lives have written. */
  readonly said: Transcript
  as(token?: string): Api
  /** The administrator, made at the first call, signed in anew at each. */
  admin(): Promise<Api>
  /** Sends a signal and waits for the end of this life. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Resolves when it listens for this time: 1 is the first start. */
  listening(time: number): Promise<void>
  /** Ends it for good and removes its folder. */
  remove(): Promise<void>
}

export async function startGatewayProcess(
  options: GatewayProcessOptions = {},
): Promise<GatewayProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-process-'))
  const data = await openDataFolder(folder)
  const [port, healthPort] = await Promise.all([freePort(), freePort()])
  const address = `https://127.0.0.1:${port}`
  const env = {
    PATH: process.env['PATH'],
    ...data.environment,
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_PUBLIC_URL: address,
    GATEHOUSE_METRICS_PORT: String(healthPort),
    GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: (options.allow ?? []).join(','),
    ...options.environment,
  }
  const said = new Transcript()
  let supervised = options.supervised ?? false
  let child = start()

  function start(): ChildProcess {
    const life = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [life.stdout, life.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => said.add(text))
    life.once('exit', () => {
      if (supervised) child = start()
    })
    return life
  }

  const listening = async (time: number) => {
    await said.shows(new RegExp(`(?:"msg":"listening"[^]*?){${time}}`))
  }
  const end = async (signal: NodeJS.Signals) => {
    const life = child
    const ended = once(life, 'exit')
    life.kill(signal)
    const [code, by] = (await ended) as [number | null, NodeJS.Signals | null]
    return { code, signal: by }
  }
  const caPem = await readFile(data.caFile, 'utf8')
  const as = (token?: string) =>
    createGatewayClient(
      createSend({ address, caPem }, token === undefined ? undefined : async () => token),
    )
  const isAlive = () => child.exitCode === null && child.signalCode === null
  const remove = async () => {
    supervised = false
    if (isAlive()) await end('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  // A gateway that cannot start says why; whoever waits for it is told that.
  child.once('close', () => (supervised ? undefined : said.end()))
  try {
    await listening(1)
  } catch (error) {
    await remove()
    throw error
  }
  return {
    address,
    caPem,
    folder,
    healthAddress: `http://127.0.0.1:${healthPort}`,
    get pid() {
      return child.pid ?? -1
    },
    said,
    as,
    async admin() {
      const { name, password } = administrator
      if (!(await as().entry.status({})).ready) {
        const [, code = ''] = await said.shows(/Set-up code, shown once: (\S+)/)
        await as().entry.setUp({ code, name, password })
      }
      return as((await as().entry.signIn({ name, password, device: 'test' })).accessToken)
    },
    end,
    listening,
    remove,
  }
}
