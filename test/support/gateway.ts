import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import { openDataFolder } from '../../build/scripts/start/data-folder.ts'
import { createGatewayClient, type GatewayRequest } from '#gateway/client.ts'
import type { Gateway as Api } from '#gateway'
import type { SignedIn } from '#gateway/entry.ts'
import { readConfig } from '../../server/config.ts'
import { startGateway as start, type Gateway } from '../../server/gateway.ts'
import { createLog } from '../../server/log.ts'

export const administrator = { name: 'root', password: 'correct horse battery staple' }

export interface GatewayOptions {
  /** Further settings, as the environment names them. */
  readonly environment?: Readonly<Record<string, string>>
  /** Cluster addresses on this machine that may be registered, as host:port. */
  readonly allow?: readonly string[]
  /** Kept by the caller; without it a temporary one is made and removed. */
  readonly folder?: string
}

/** A real gateway in this process: real TLS, real database, real files. */
export interface TestGateway {
  readonly gateway: Gateway
  readonly folder: string
  readonly address: string
  readonly port: number
  readonly caPem: string
  /** Every line it logged. */
  readonly logged: string[]
  /** Speaks the contract; without a token as a stranger. */
  as(token?: string): Api
  /** Signs a person in on a device. */
  signIn(name: string, password: string, device?: string): Promise<SignedIn>
  /** The client of the administrator, who is made at the first call. */
  admin(): Promise<Api>
  stop(): Promise<void>
}

export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'gatehouse-gateway-')))
  const data = await openDataFolder(folder)
  const port = await freePort()
  const address = `https://127.0.0.1:${port}`
  const environment = {
    ...data.environment,
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_PUBLIC_URL: address,
    GATEHOUSE_HOSTS: `localhost:${port}`,
    GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: (options.allow ?? []).join(','),
    GATEHOUSE_LOG_LEVEL: 'debug',
    GATEHOUSE_DRAIN_SECONDS: '2',
    ...options.environment,
  }
  const logged: string[] = []
  const log = createLog('debug', { write: (line) => void logged.push(line) })
  const gateway = await start(readConfig(environment), log)
  const caPem = await readFile(data.caFile, 'utf8')
  const as = (token?: string) =>
    createGatewayClient((asked) =>
      send({ address, caPem, ...(token !== undefined && { token }) }, asked),
    )
  let root: Promise<Api> | undefined
  const signIn = (name: string, password: string, device = 'test') =>
    as().entry.signIn({ name, password, device })
  return {
    gateway,
    folder,
    address,
    port,
    caPem,
    logged,
    as,
    signIn,
    admin: () => (root ??= setUp()),
    async stop() {
      await gateway.stop()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }

  async function setUp(): Promise<Api> {
    const { setUpCode: code } = gateway
    if (code !== undefined) await as().entry.setUp({ code, ...administrator })
    const { accessToken } = await signIn(administrator.name, administrator.password)
    return as(accessToken)
  }
}

interface Place {
  readonly address: string
  readonly caPem: string
  readonly token?: string
}

function send({ address, caPem, token }: Place, asked: GatewayRequest) {
  const { method, path, query, body } = asked
  return new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const url = `${address}/api${path}${query && `?${query}`}`
    const headers = {
      ...(text !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    }
    const asking = request(url, { method, ca: caPem, agent: false, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString()
        const parsed: unknown = answer === '' ? undefined : JSON.parse(answer)
        resolve({ status: response.statusCode ?? 0, body: parsed })
      })
    })
    asking.on('error', reject)
    asking.end(text)
  })
}

/** A port that was free a moment ago; the names of a gateway hold it before it listens. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
