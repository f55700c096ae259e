import type { ClientRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { Pool, type Dispatcher } from 'undici'
import { hostOf } from './address.ts'
import { ConnectFailure } from './connect-failure.ts'
import { connectTimeout, createConnector, type Connector, type Route } from './connector.ts'
import { Exchange, type DispatchOptions } from './exchange.ts'
import type { Guard } from './lookup.ts'
import { SilenceWatch } from './silence-watch.ts'

export interface UpgradeOptions {
  readonly method: string
  readonly path: string
  /** Raw name, value pairs, Host, Connection and Upgrade included. */
  readonly headers: string[]
}

/** One cluster’s connections. A changed row makes a new one; the old one ends with all it carries. */
export class Target {
  readonly clusterId: string
  /** For the Host header. */
  readonly host: string
  /** '' or '/prefix'. */
  readonly basePath: string
  readonly route: Route
  readonly #connector: Connector
  readonly #life = new AbortController()
  readonly #sockets = new Set<Socket>()
  readonly #silence: SilenceWatch
  // Two pools, so that a hundred watches never leave a list without a connection.
  #short: Pool
  #long: Pool
  #silentUntil = 0

  constructor(clusterId: string, route: Route, guard: Guard) {
    this.clusterId = clusterId
    this.route = route
    this.host = route.address.host
    this.basePath = route.address.basePath
    this.#connector = createConnector(route, guard)
    this.#short = this.#pool(shortPool)
    this.#long = this.#pool(longPool)
    this.#silence = new SilenceWatch(async (timeout) => {
      const alive = await this.isAlive(timeout)
      if (!alive) this.#isSilent()
      return alive
    })
  }

  /**
   * Sends a request. The handler learns of everything by its own methods, failures included; onRequestStart
   * comes a second time when a kept connection had died before it was used. Nothing follows a redirect.
   */
  dispatch(options: DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const exchange = new Exchange(options, handler, {
      send: (exchange) => this.#send(exchange),
      poisoned: (pool) => this.#replace(pool),
      settled: (exchange) => this.#silence.remove(exchange),
    })
    if (!options.long) this.#silence.add(exchange)
    this.#send(exchange)
  }

  /**
   * Opens a connection of its own for an upgrade. The request is not ended; `error` carries a ConnectFailure
   * when there was no connection.
   */
  upgrade({ method, path, headers }: UpgradeOptions): ClientRequest {
    const asking = httpsRequest({
      method,
      path,
      headers,
      setHost: false,
      createConnection: (_options, done) => {
        this.#open(connectTimeout).then(
          (socket) => done(null, socket),
          // The declared type wants a socket beside the error; Node reads none.
          (error: unknown) => (done as (error: unknown) => void)(error),
        )
        return undefined
      },
    })
    return asking
  }

  /** Ends everything this target carries, at once. */
  async destroy(reason = 'The cluster’s connection was closed by the gateway'): Promise<void> {
    const error = new ConnectFailure('response', { message: reason })
    this.#life.abort()
    this.#silence.stop()
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all([this.#short.destroy(error), this.#long.destroy(error)])
  }

  #pool(options: Pool.Options): Pool {
    const { hostname, port } = this.route.address
    return new Pool(`https://${hostOf(hostname, port)}`, {
      ...options,
      allowH2: false,
      pipelining: 1,
      bodyTimeout: 0,
      strictContentLength: true,
      // The apiserver keeps idle connections for 90 s; we let go first.
      keepAliveTimeout: 55_000,
      keepAliveMaxTimeout: 60_000,
      connect: (_options, callback) => {
        this.#open(connectTimeout).then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error as Error, null),
        )
      },
    })
  }

  async #open(timeout: number): Promise<Socket> {
    if (Date.now() < this.#silentUntil) throw silentNow(this.host)
    const socket = await this.#connect(timeout)
    if (this.#life.signal.aborted) {
      socket.destroy()
      throw new ConnectFailure('response', { message: 'The cluster’s connection was closed.' })
    }
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }

  async #connect(timeout: number): Promise<Socket> {
    try {
      return await this.#connector.open({ timeout, signal: this.#life.signal })
    } catch (error) {
      if (error instanceof ConnectFailure && error.timedOut) this.#isSilent()
      throw error
    }
  }

  /** Clients ask several times in a row; only the first of them waits to learn that nobody answers. */
  #isSilent(): void {
    this.#silentUntil = Date.now() + silenceIsRemembered
  }

  #send(exchange: Exchange): void {
    const { method, path, headers, body, long } = exchange.options
    const pool = long ? this.#long : this.#short
    exchange.pool = pool
    // Without `reset: false` undici closes the connection after HEAD and after DELETE with a body.
    pool.dispatch({ method, path, headers, body, reset: false }, exchange)
  }

  /**
   * A request that undici refuses to send takes one connection of its pool with it for good, so the pool is
   * left to finish what it has and a fresh one takes its place.
   */
  #replace(pool: Dispatcher): void {
    if (this.#life.signal.aborted) return
    if (pool === this.#short) this.#short = this.#pool(shortPool)
    else if (pool === this.#long) this.#long = this.#pool(longPool)
    else return
    void pool.close()
  }

  /** Whether the cluster answers anything at all on a new connection; sends no credential. */
  isAlive(timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
      const asking = this.upgrade({
        method: 'GET',
        path: `${this.basePath}/version`,
        headers: ['Host', this.host, 'Connection', 'close'],
      })
      const timer = setTimeout(() => settle(false), timeout)
      const settle = (alive: boolean) => {
        clearTimeout(timer)
        asking.destroy()
        resolve(alive)
      }
      asking.once('response', () => settle(true))
      asking.on('error', () => settle(false))
      asking.end()
    })
  }
}

/** Milliseconds for which a cluster that did not answer is not waited for again. */
const silenceIsRemembered = 3000

const silentNow = (host: string) =>
  new ConnectFailure('tcp', {
    message: `${host} did not answer a moment ago. Try again in a few seconds.`,
    timedOut: true,
  })

const shortPool: Pool.Options = { connections: 128, headersTimeout: 75_000 }
// Bounded by the gateway’s own limits per person and cluster, not here.
const longPool: Pool.Options = { connections: null, headersTimeout: 0 }
