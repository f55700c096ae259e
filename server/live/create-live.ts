import type { Logger } from 'pino'
import type { AccessRoom, Change, Changes } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { StreamPort } from '../contract/streams.ts'
import type { ViewAsk } from '../contract/views.ts'
import { Rate } from '../policies/rate.ts'
import type { Upstreams } from '../proxy/upstream/index.ts'
import { Feeds } from './feeds.ts'
import type { FromEngine } from './messages.ts'
import { startPulse } from './pulse.ts'
import { startEngine } from './thread.ts'
import { Viewing, type Viewer } from './viewing.ts'

/** Live views of what runs in the clusters. */
export interface Live {
  /** Answers what is asked on a `views` stream until it closes. */
  serve(viewer: Viewer, port: StreamPort): void
  /** For metrics and tests. */
  stats(): LiveStats
  /** Starts what the first view needs, so that whoever opens it does not wait for that. */
  prepare(): void
  close(): Promise<void>
}

export interface LiveStats {
  readonly ports: number
  readonly views: number
  /** Lists that are kept in step with a cluster. */
  readonly feeds: number
}

export interface LiveOptions {
  readonly upstreams: Upstreams
  readonly access: AccessRoom
  readonly audit: Audit
  readonly changes: Changes
  readonly log: Logger
  readonly now?: () => number
  /** Milliseconds for which rows are kept after their last viewer has left. */
  readonly linger?: number
}

/** Namespaces of views that one person may have decided, in a second and at once. */
const asksPerSecond = 1000
const asksAtOnce = 5000
const mostAllowances = 10_000

/** Nothing is started before the first view is opened, or before it is told to prepare. */
export function createLive(options: LiveOptions): Live {
  const { upstreams, access, audit, changes, log, now = Date.now, linger = 30_000 } = options
  const ports = new Map<number, Viewing>()
  let count = 0
  const engine = startEngine(log, { message: hear, died: begin })
  const feeds = new Feeds({ upstreams, engine, log, linger })
  const stopPulse = startPulse(() => feeds, now)
  const stopListening = changes.on(follow)

  function hear(message: FromEngine): void {
    if (message.type === 'read') feeds.report(message)
    else if (message.type === 'say') ports.get(message.port)?.say(message)
    else ports.get(message.port)?.failed(message)
  }

  /** All rows are lost: windows open their views again, and find an empty engine. */
  function begin(): void {
    feeds.close()
    for (const [id, { stream }] of streams) {
      end(id)
      stream.close('The live engine was started again')
    }
  }

  /** One for all windows of a person; kept for as long as it matters what they have asked. */
  const allowances = new Map<string, Rate>()
  function allowanceOf(person: string): Rate {
    const known = allowances.get(person) ?? new Rate(asksPerSecond, asksAtOnce)
    allowances.delete(person)
    allowances.set(person, known)
    const [oldest] = allowances.keys()
    if (allowances.size > mostAllowances && oldest !== undefined) allowances.delete(oldest)
    return known
  }

  const streams = new Map<number, { readonly stream: StreamPort }>()

  function end(id: number): void {
    ports.get(id)?.close()
    ports.delete(id)
    streams.delete(id)
  }

  // One thing that an administrator does may be told as many changes.
  let pending: NodeJS.Timeout | undefined
  function follow(change: Change): void {
    feeds.follow(change)
    if (change.kind === 'administration' || change.kind === 'session') return
    pending ??= setTimeout(() => {
      pending = undefined
      for (const it of ports.values()) it.reconsider()
      for (const feed of feeds) feed.retry()
    }, 10)
  }

  return {
    serve(viewer, stream) {
      const id = (count += 1)
      const broke = (error: unknown) =>
        log.error({ err: error, id: viewer.requestId }, 'a view failed in the gateway')
      const viewing = new Viewing(
        id,
        { viewer, stream },
        {
          access,
          audit,
          engine,
          feeds,
          now,
          broke,
          allowance: allowanceOf(viewer.identity.person.id),
        },
      )
      ports.set(id, viewing)
      streams.set(id, { stream })
      stream.onMessage((ask: ViewAsk) => viewing.handle(ask))
      stream.onClose(() => end(id))
    },
    stats() {
      let views = 0
      for (const it of ports.values()) views += it.count
      return { ports: ports.size, views, feeds: feeds.size }
    },
    prepare() {
      engine.prepare()
    },
    async close() {
      stopListening()
      stopPulse()
      clearTimeout(pending)
      for (const id of ports.keys()) end(id)
      feeds.close()
      await engine.close()
    },
  }
}
