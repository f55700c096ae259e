import { request, type IncomingMessage } from 'node:http'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, getCACertificates } from 'node:tls'
import type { PeerCertificate, SecureContext, TLSSocket } from 'node:tls'
import { hostOf, type Address } from './address.ts'
import { ConnectFailure, type Stage } from './connect-failure.ts'
import { pinnedLookup, type Guard } from './lookup.ts'
import type { Proxy } from './proxy-address.ts'

/** How one cluster is reached, every part already parsed. */
export interface Route {
  readonly address: Address
  readonly caPem: string | undefined
  readonly serverName: string | undefined
  readonly proxy: Proxy | undefined
  /** Used by an import only, once; clusters in the database have none. */
  readonly client?: { readonly certificatePem: string; readonly keyPem: string }
}

interface ConnectOptions {
  /** For everything until the TLS handshake is verified. */
  readonly timeout: number
  readonly signal?: AbortSignal
}

export const connectTimeout = 5000

/** Opens connections along one route. Each is verified anew: TLS sessions are not resumed. */
export interface Connector {
  /** @throws ConnectFailure */
  open(options?: ConnectOptions): Promise<TLSSocket>
  /** The certificate that is shown, verified or not, for an error people can act on; sends nothing. */
  look(options: ConnectOptions): Promise<PeerCertificate>
}

export function createConnector(route: Route, guard: Guard): Connector {
  let context: SecureContext | undefined
  const secured = () => (context ??= secureContext(route))
  const attempt = async (options: ConnectOptions, verify: boolean) => {
    const attempt = new Attempt(route, guard, options)
    try {
      return await attempt.run(secured, verify)
    } finally {
      attempt.end()
    }
  }
  return {
    open: (options = { timeout: connectTimeout }) => attempt(options, true),
    async look(options) {
      const socket = await attempt(options, false)
      const certificate = socket.getPeerCertificate()
      socket.destroy()
      return certificate
    },
  }
}

const authorities = () => [...getCACertificates('default'), ...getCACertificates('system')]

function secureContext({ caPem, client }: Route): SecureContext {
  try {
    return createSecureContext({
      ca: caPem ?? authorities(),
      minVersion: 'TLSv1.2',
      ...(client && { cert: client.certificatePem, key: client.keyPem }),
    })
  } catch (cause) {
    const what = client ? 'authority or the client certificate' : 'authority'
    throw new ConnectFailure('tls', { message: `The ${what} is not valid PEM.`, cause })
  }
}

/** One way to one open connection, under one deadline. */
class Attempt {
  readonly #route: Route
  readonly #guard: Guard
  readonly #abort = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #timeout: number
  readonly #outer: AbortSignal | undefined
  #stage: Stage = 'dns'

  constructor(route: Route, guard: Guard, { timeout, signal }: ConnectOptions) {
    this.#route = route
    this.#guard = guard
    this.#timeout = timeout
    this.#outer = signal
    this.#timer = setTimeout(() => this.#abort.abort(), timeout)
    signal?.addEventListener('abort', this.#cancel)
    if (signal?.aborted) this.#abort.abort()
  }

  readonly #cancel = () => this.#abort.abort()

  async run(context: () => SecureContext, verify: boolean): Promise<TLSSocket> {
    const { address, proxy } = this.#route
    try {
      if (!proxy) {
        return await this.#secure(await this.#tcp(address), context, verify)
      }
      await this.#judgeBehindProxy(address)
      return await this.#secure(await this.#throughProxy(proxy), context, verify)
    } catch (error) {
      throw this.#explain(error)
    }
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#cancel)
  }

  /**
   * A name behind a proxy is resolved there and may be unknown here. What can be judged here is: an IP
   * address, and a name that this side knows.
   */
  async #judgeBehindProxy({ hostname, port }: Address): Promise<void> {
    try {
      await this.#within(this.#guard.addresses(hostname, port))
    } catch (error) {
      if (!(error instanceof ConnectFailure && error.stage === 'dns')) throw error
    }
  }

  async #tcp({ hostname, port }: { hostname: string; port: number }): Promise<Socket> {
    const addresses = await this.#within(this.#guard.addresses(hostname, port))
    this.#stage = 'tcp'
    const socket = connectTcp({
      host: hostname,
      port,
      lookup: pinnedLookup(addresses),
      autoSelectFamily: addresses.length > 1,
      autoSelectFamilyAttemptTimeout: 1000,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 15_000,
    })
    return this.#opened(socket, 'connect')
  }

  async #throughProxy(proxy: Proxy): Promise<Socket> {
    let socket = await this.#tcp(proxy)
    this.#stage = 'proxy'
    if (proxy.secure) {
      const tls = connectTls({ socket, ...named(proxy.hostname), ca: authorities() })
      socket = await this.#opened(tls, 'secureConnect')
    }
    const { hostname, port } = this.#route.address
    const target = hostOf(hostname, port)
    const asking = request({
      method: 'CONNECT',
      path: target,
      headers: {
        Host: target,
        ...(proxy.authorization && { 'Proxy-Authorization': proxy.authorization }),
      },
      createConnection: () => socket,
      maxHeaderSize: 8192,
    })
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      asking.once('connect', (response, _socket, head) => {
        // Whoever speaks before our TLS greeting is not the cluster.
        if (head.length > 0) reject(new Error('unexpected bytes'))
        else resolve(response)
      })
      asking.once('response', (response) => {
        response.resume()
        resolve(response)
      })
      asking.once('error', reject)
    })
    asking.end()
    const { statusCode = 0 } = await this.#within(answer, socket)
    if (statusCode >= 200 && statusCode < 300) return socket
    socket.destroy()
    throw new ConnectFailure('proxy', { message: proxyRefusal(proxy.host, target, statusCode) })
  }

  async #secure(socket: Socket, context: () => SecureContext, verify: boolean): Promise<TLSSocket> {
    this.#stage = 'tls'
    try {
      const tls = connectTls({
        socket,
        secureContext: context(),
        ALPNProtocols: ['http/1.1'],
        rejectUnauthorized: verify,
        ...named(this.#route.serverName ?? this.#route.address.hostname),
      })
      return await this.#opened(tls, 'secureConnect')
    } catch (error) {
      socket.destroy()
      throw error
    }
  }

  async #opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
    // The listener stays: an error between two stages must not end the process.
    socket.on('error', () => undefined)
    const opening = new Promise<S>((resolve, reject) => {
      socket.once(event, () => resolve(socket))
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('The connection was closed')))
    })
    return this.#within(opening, socket)
  }

  /** Waits no longer than the deadline, and leaves no socket behind. */
  async #within<T>(work: Promise<T>, socket?: Socket): Promise<T> {
    const { signal } = this.#abort
    work.catch(() => undefined)
    let stop: () => void = () => undefined
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = () => reject(new Error('aborted'))
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop)
    })
    try {
      return await Promise.race([work, stopped])
    } catch (error) {
      socket?.destroy()
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  #explain(error: unknown): ConnectFailure {
    if (error instanceof ConnectFailure) return error
    const { address, proxy } = this.#route
    const whom =
      proxy && this.#stage !== 'tls'
        ? `the proxy ${proxy.host}`
        : hostOf(address.hostname, address.port)
    if (this.#outer?.aborted) {
      const message = 'The connection was given up because its cluster was changed or removed.'
      return new ConnectFailure(this.#stage, { message, cause: error })
    }
    if (this.#abort.signal.aborted) {
      const message = `${whom} did not answer within ${this.#timeout / 1000} seconds (${waited[this.#stage]}). Check the address, the port and the firewalls between.`
      return new ConnectFailure(this.#stage, { message, cause: error, timedOut: true })
    }
    const message = explainFailure(this.#stage, whom, error)
    return new ConnectFailure(this.#stage, { message, cause: error })
  }
}

const waited: Readonly<Record<Stage, string>> = {
  address: 'judging its address',
  dns: 'resolving its name',
  tcp: 'opening the TCP connection',
  proxy: 'asking the proxy for a tunnel',
  tls: 'the TLS handshake',
  response: 'waiting for its response',
}

/** TLS must not name an IP address in its greeting, but must still find it in the certificate. */
const named = (name: string) =>
  isIP(name) ? { host: name, servername: '' } : { host: name, servername: name }

function proxyRefusal(proxy: string, target: string, status: number): string {
  if (status === 407)
    return `The proxy ${proxy} wants a user and password, or other ones than it was given.`
  return `The proxy ${proxy} answered ${status} when asked for a tunnel to ${target}.`
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

const tcpReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: nothing listens on that port, or a firewall rejects it.',
  EHOSTUNREACH: 'cannot be routed to: there is no way to that host from the gateway.',
  ENETUNREACH: 'cannot be routed to: there is no way to that network from the gateway.',
  ECONNRESET: 'closed the connection at once.',
}

const tlsReasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'shows a certificate that has expired; renew it on the cluster.',
  CERT_NOT_YET_VALID: 'shows a certificate that is not valid yet; check both clocks.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'shows a certificate for another name; give that name as the server name, or use an address it covers.',
  SELF_SIGNED_CERT_IN_CHAIN: 'shows a certificate signed by an authority other than the given one.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'shows a self-signed certificate that is not the given authority.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'shows a certificate whose signature the given authority does not confirm.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'shows a certificate signed by an authority other than the given one.',
  CERT_SIGNATURE_FAILURE:
    'shows a certificate whose signature the given authority does not confirm.',
}

function explainFailure(stage: Stage, whom: string, error: unknown): string {
  const code = codeOf(error) ?? ''
  if (stage === 'tls')
    return `${whom} ${tlsReasons[code] ?? `did not complete the TLS handshake${code && ` (${code})`}; is it an https port?`}`
  const reason = tcpReasons[code] ?? `could not be connected to${code && ` (${code})`}.`
  return `${whom} ${reason}`
}
