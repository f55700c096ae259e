import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener } from 'node:http'
import { hostname } from 'node:os'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { createAccess, createChanges, type Access } from './access/index.ts'
import { createApp } from './app.ts'
import { openAudit, stableWriter } from './audit/index.ts'
import { openLockout } from './auth/lockout.ts'
import { openSetUp } from './auth/set-up-code.ts'
import type { Config } from './config.ts'
import type { Deps } from './deps.ts'
import { readConsole } from './http/console.ts'
import { checkEdge, cookieNames, localSurface, publicSurface, type Surface } from './http/edge.ts'
import { createHealth, serveHealth } from './http/health.ts'
import { listenPlain, listenTls, type Listener, type UnreadRefusal } from './http/listen.ts'
import { createRegistry } from './http/metrics.ts'
import { createStreams, isStream, streamCrowd, type StreamServer } from './http/streams.ts'
import { streamRooms } from './http/stream-rooms.ts'
import { createLive } from './live/index.ts'
import { openDatabase } from './models/database.ts'
import { createKeySource } from './models/key-source.ts'
import { openSealing } from './models/sealing.ts'
import {
  createProxy,
  createProxyMetrics,
  isProxied,
  Limits,
  sourceOf,
  type Proxy,
} from './proxy/index.ts'
import { createUpstreams } from './proxy/upstream/index.ts'
import { createTerminals } from './terminals/index.ts'

/** A running gateway. */
export interface Gateway {
  readonly port: number
  readonly consolePort: number | undefined
  readonly metricsPort: number | undefined
  /** To be shown once to whoever sets up; absent when there is an administrator already. */
  readonly setUpCode: string | undefined
  /** Starts ahead what the first people would wait for. */
  prepare(): void
  /** Takes no new work, ends streams, lets short calls finish, then closes everything. */
  stop(): Promise<void>
}

/** Opens everything in the order in which it depends on each other, and listens last. */
export async function startGateway(config: Config, log: Logger): Promise<Gateway> {
  const stack = new AsyncDisposableStack()
  try {
    const deps = await open(config, log, stack)
    const setUpCode = await openSetUp(deps.db)
    return await serve(deps, stack, setUpCode)
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function open(config: Config, log: Logger, stack: AsyncDisposableStack): Promise<Deps> {
  const db = await openDatabase(config.databaseUrl)
  stack.defer(() => db.close())
  const sealing = await openSealing(db, createKeySource(config.keys.sealing))
  const changes = createChanges((error) => log.error({ err: error }, 'a listener failed'))
  const audit = await openAudit({
    db,
    key: config.keys.audit,
    writer: await stableWriter(db, hostname()),
    log,
  })
  stack.defer(() => audit.close())
  const access = await createAccess({
    db,
    sealing,
    changes,
    config: config.sessions,
    key: config.keys.signing,
    log,
  })
  stack.defer(() => access.close())
  const upstreams = createUpstreams({ db, sealing, changes, config, log })
  stack.defer(() => upstreams.close())
  const { signInsPerMinute } = config.limits
  const lockout = await openLockout({ db, signInsPerMinute })
  const limits = new Limits(config.limits)
  const enter = (it: Access) => limits.enter(it)
  const live = createLive({ upstreams, access, audit, changes, log })
  stack.defer(() => live.close())
  const terminals = createTerminals({ access, audit, upstreams, log, enter })
  return {
    version: readVersion(),
    config,
    log,
    db,
    sealing,
    changes,
    access,
    audit,
    upstreams,
    lockout,
    console: readConsole(config.consoleFolder),
    limits,
    terminals,
    live,
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

async function serve(
  deps: Deps,
  stack: AsyncDisposableStack,
  setUpCode: string | undefined,
): Promise<Gateway> {
  const { config, access } = deps
  const registry = createRegistry(deps)
  let draining = false
  const listeners: Listener[] = []
  const surface = publicSurface(config)
  const proxy = createProxy({
    ...deps,
    ownCookies: cookieNames,
    edge: (rawHeaders) => checkEdge(surface, rawHeaders),
    metrics: createProxyMetrics(registry),
    bodyBytes: config.limits.bodyBytes,
  })
  const crowd = streamCrowd(config)
  const rooms = streamRooms(deps)
  const streams: StreamServer[] = []
  const streamsOf = (surface: Surface) => {
    const served = createStreams(deps, surface, rooms, crowd)
    streams.push(served)
    return served
  }
  const main = await listenMain(deps, surface, proxy, streamsOf(surface))
  listeners.push(main)
  const local =
    config.consolePort === undefined
      ? undefined
      : await listenConsole(deps, config.consolePort, streamsOf)
  const health = createHealth(deps, () => draining)
  const metrics =
    config.metricsPort === undefined
      ? undefined
      : await listenPlain(config.metricsHost, config.metricsPort, serveHealth(health, registry))
  if (local) listeners.push(local)

  const stop = async () => {
    if (draining) return
    draining = true
    const stopped = Promise.all(listeners.map((it) => it.stop()))
    access.streams.closeAll('draining')
    streams.forEach((it) => it.drain())
    const tooLong = setTimeout(
      () => listeners.forEach((it) => it.destroy()),
      config.drainSeconds * 1000,
    )
    await stopped
    clearTimeout(tooLong)
    // Until now it told that no new work is taken.
    const silent = metrics?.stop()
    metrics?.destroy()
    await silent
    await stack.disposeAsync()
  }
  return {
    port: main.port,
    consolePort: local?.port,
    metricsPort: metrics?.port,
    setUpCode,
    prepare: () => deps.live.prepare(),
    stop,
  }
}

function listenMain(
  deps: Deps,
  surface: Surface,
  proxy: Proxy,
  streams: StreamServer,
): Promise<Listener> {
  const app = createApp(deps, surface)
  const refused = refuseUnread(deps)
  return listenTls(deps.config.listen, deps.config.limits.connectionsPerSource, {
    // The raw path is split off by its bytes: what express would make of a target never matters to a cluster.
    request(req, res) {
      if (isProxied(req.url)) proxy.request(req, res)
      else app(req, res)
    },
    upgrade(req, socket, head) {
      if (isProxied(req.url)) proxy.upgrade(req, socket, head)
      else if (isStream(req.url)) streams.upgrade(req, socket, head)
      else refuseUpgrade(req, socket, refused)
    },
    refused,
  })
}

/** The refusal stands whether or not it can be recorded; the audit room reports its own failure. */
const refuseUnread =
  ({ audit }: Pick<Deps, 'audit'>) =>
  (refusal: UnreadRefusal): void => {
    const attempt = { id: randomUUID(), action: 'edge', result: 'refused', ...refusal } as const
    audit.event(attempt).catch(() => undefined)
  }

function refuseUpgrade(
  req: IncomingMessage,
  socket: Duplex,
  refused: (refusal: UnreadRefusal) => void,
): void {
  socket.on('error', () => socket.destroy())
  refused({ source: sourceOf(req.socket), status: 404, reason: 'nothing is upgraded here' })
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}

/** The names of the loopback listener hold its port, which is only known once it listens. */
async function listenConsole(
  deps: Deps,
  port: number,
  streamsOf: (surface: Surface) => StreamServer,
): Promise<Listener> {
  const refused = refuseUnread(deps)
  let answer: RequestListener = (_req, res) => {
    res.destroy()
  }
  let streams: StreamServer | undefined
  const listener = await listenPlain(
    '127.0.0.1',
    port,
    (req, res) => {
      answer(req, res)
    },
    (req, socket, head) => {
      if (streams && isStream(req.url)) streams.upgrade(req, socket, head)
      else refuseUpgrade(req, socket, refused)
    },
  )
  const surface = localSurface(listener.port)
  answer = createApp(deps, surface)
  streams = streamsOf(surface)
  return listener
}
