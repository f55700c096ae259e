import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canAsk } from '../../../server/cli/prompt.ts'
import { createSend, type Peer } from '../../../server/cli/send.ts'
import { createGatewayClient } from '../../../server/contract/client.ts'
import type { Cluster } from '../../../test/support/cluster/index.ts'
import { freshBundles } from '../electron/bundles.ts'
import { signInAdministrator } from './administrator.ts'
import { settleClusters, type Sandbox, type Settled } from './clusters.ts'
import { openDataFolder, type DataFolder } from './data-folder.ts'
import { openDesktopApp, type DesktopApp } from './desktop-app.ts'
import { findKubeconfigs } from './found-kubeconfig.ts'
import { GatewayProcess } from './gateway-process.ts'
import { greet } from './greeting.ts'
import { holdFolder, type Hold } from './hold.ts'
import { openPasswords } from './passwords.ts'
import { choosePorts, type Ports } from './ports.ts'
import { recall, remember } from './remembered.ts'
import { planSandboxPort, startSandbox } from './sandbox.ts'
import type { Say } from './say.ts'

/** One run of `npm start`: what it holds of this machine, and how to give it back. */
export class Start implements Sandbox {
  readonly folder: string
  readonly say: Say
  /** Rejects when the gateway cannot be kept running. */
  readonly broken: Promise<never>
  #break: (error: Error) => void = () => undefined
  #hold: Hold | undefined
  #gateway: GatewayProcess | undefined
  #cluster: Cluster | undefined
  #sandboxPort: number | undefined
  #app: DesktopApp | undefined
  /** From then on, what is still being started has nothing to say. */
  #isStopping = false

  constructor(folder: string, say: Say) {
    this.folder = folder
    this.say = (line) => {
      if (!this.#isStopping) say(line)
    }
    this.broken = new Promise((_, reject) => {
      this.#break = reject
    })
    // It may break while something else is waited for.
    this.broken.catch(() => undefined)
  }

  /** From the data folder to the lines that say what to do next. */
  async run(): Promise<void> {
    const { folder, say } = this
    const hold = await holdFolder(folder)
    this.#hold = hold
    const building = this.#build()
    const data = await openDataFolder(folder)
    if (data.made.length > 0) say(`made in ${folder}: ${data.made.join(', ')}`)
    await mkdir(join(folder, 'cache'), { recursive: true, mode: 0o700 })
    const passwords = openPasswords(folder)
    const ports = await choosePorts(recall(folder).ports, say)
    remember(folder, { ports })
    const address = `https://127.0.0.1:${String(ports.gateway)}`
    const peer: Peer = { address, caPem: await readFile(data.caFile, 'utf8') }
    const gateway = new GatewayProcess({
      logFile: join(folder, 'gateway.log'),
      say,
      answers: () => createGatewayClient(createSend(peer)).entry.status({}),
      started: (pid) => hold.noteGateway(pid),
      gaveUp: this.#break,
    })
    this.#gateway = gateway
    const startGateway = async () => {
      const bundles = await building
      say(`starting the gateway at ${address}`)
      await gateway.start({
        ...this.#environment(data, ports),
        GATEHOUSE_CONSOLE_FOLDER: join(bundles, 'renderer'),
      })
      say('the gateway answers')
    }
    if (isSandboxCertain(folder)) {
      await this.planSandbox()
      await Promise.all([this.startSandbox(), startGateway()])
    } else await startGateway()

    const administrator = await signInAdministrator(peer, gateway, passwords.administrator)
    let settled: Settled = { status: 'unknown' }
    if (administrator) {
      settled = await settleClusters({ sandbox: this, startGateway, passwords, ...administrator })
      await administrator.leave()
    } else say('root has another password by now, so the clusters are left as they are')
    const app = await openDesktopApp(await building, say)
    this.#app = app
    const { caFile, certificateFile } = data
    await greet({ folder, address, ports, caFile, certificateFile, passwords, settled, app })
  }

  /** The web console and the app, from the source as it is now. */
  async #build(): Promise<string> {
    const late = setTimeout(() => this.say('building the web console and the desktop app …'), 1000)
    try {
      return await freshBundles('pinned')
    } finally {
      clearTimeout(late)
    }
  }

  get cluster(): Cluster | undefined {
    return this.#cluster
  }

  /** Its port is known before it runs, so that the gateway can be told to allow it. */
  async planSandbox(): Promise<void> {
    this.#sandboxPort = await planSandboxPort(this.#sandboxFolder)
  }

  async startSandbox(): Promise<Cluster> {
    this.#cluster = await startSandbox(this.#sandboxFolder, this.say)
    return this.#cluster
  }

  /** True when it did not get the port that was planned. */
  hasMoved({ handle }: Cluster): boolean {
    const port = Number(new URL(handle.address).port)
    const isMoved = port !== this.#sandboxPort
    this.#sandboxPort = port
    return isMoved
  }

  async stopSandbox(): Promise<void> {
    const cluster = this.#cluster
    this.#cluster = undefined
    await cluster?.stop()
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#app?.status === 'open') await this.#app.close()
    await this.#gateway?.stop()
    await this.stopSandbox()
    this.#hold?.release()
  }

  get #sandboxFolder(): string {
    return join(this.folder, 'sandbox')
  }

  #environment({ environment, path }: DataFolder, ports: Ports): Record<string, string> {
    const port = String(ports.gateway)
    const sandbox = this.#sandboxPort
    const allow = [
      ...(process.env['GATEHOUSE_CLUSTER_ADDRESSES_ALLOW'] ?? '').split(',').filter(Boolean),
      ...(recall(this.folder).allow ?? []),
      ...(sandbox === undefined ? [] : [`127.0.0.1:${String(sandbox)}`]),
    ]
    return {
      GATEHOUSE_DRAIN_SECONDS: process.env['GATEHOUSE_DRAIN_SECONDS'] ?? '3',
      ...environment,
      GATEHOUSE_HOST: '127.0.0.1',
      GATEHOUSE_PORT: port,
      GATEHOUSE_PUBLIC_URL: `https://127.0.0.1:${port}`,
      GATEHOUSE_HOSTS: `localhost:${port}`,
      GATEHOUSE_CONSOLE_PORT: String(ports.console),
      GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: allow.join(','),
      // What belongs to another installation has no say here.
      GATEHOUSE_CONFIG: '',
      GATEHOUSE_SEALING_KEYS: '',
      DATABASE_URL: '',
      NODE_COMPILE_CACHE: join(path, 'cache'),
    }
  }
}

/** Then it can start beside the gateway; else the gateway is asked first which clusters it has. */
function isSandboxCertain(folder: string): boolean {
  const { clusters } = recall(folder)
  if (clusters !== undefined) return clusters === 'sandbox'
  return !canAsk() || findKubeconfigs().length === 0
}
