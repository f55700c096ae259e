import type { Logger } from 'pino'
import { AppError } from '../contract/errors.ts'
import type { ChangeLog } from './change-log.ts'
import type { Change, Changes } from './changes.ts'
import { madeAt, type Access } from './make-access.ts'

export type StreamEnd =
  | 'session ended'
  | 'person removed'
  | 'grant ended'
  | 'profile removed'
  | 'credential replaced'
  | 'cluster removed'
  | 'expired'
  | 'draining'

export type StreamKind = 'watch' | 'log' | 'exec' | 'attach' | 'port-forward' | 'proxy'

export interface Stream {
  readonly access: Access
  /** The grants that allowed it; it stays open while one of them lives. */
  readonly grantIds: readonly string[]
  readonly kind: StreamKind
  /** Called once, unless the stream ended by itself before. Must cut at once, not ask politely. */
  close(reason: StreamEnd): void
}

/** Everything long-lived that runs on somebody’s right, so that it ends when the right does. */
export interface Streams {
  /**
   * Registers a stream and returns its own end. Something that ended between the making of its
   * Access and now closes it in the next microtask, after this call has returned.
   */
  open(stream: Stream): () => void
  count(filter?: { readonly personId?: string; readonly clusterId?: string }): number
  closeAll(reason: StreamEnd): void
}

/** What the re-check against the database asks about. */
export interface OpenRights {
  readonly sessionIds: ReadonlySet<string>
  readonly grantIds: ReadonlySet<string>
}

interface Entry {
  readonly stream: Stream
  readonly grants: Map<string, Date | undefined>
  timer: NodeJS.Timeout | undefined
}

interface Options {
  readonly changes: Changes
  readonly changeLog: ChangeLog
  readonly log: Logger
  readonly now: () => number
}

// A longer delay would overflow and fire at once.
const longestTimer = 2 ** 31 - 1

export class StreamRegistry implements Streams {
  readonly #entries = new Set<Entry>()
  readonly #options: Options
  #draining = false

  constructor(options: Options) {
    this.#options = options
    options.changes.on((change) => this.#follow(change))
  }

  open(stream: Stream): () => void {
    const { access, grantIds } = stream
    const ends = new Map(access.scopes.map((scope) => [scope.grantId, scope.expires]))
    const grants = new Map(grantIds.filter((id) => ends.has(id)).map((id) => [id, ends.get(id)]))
    if (grants.size === 0) throw new AppError('internal', 'A stream names no grant of its access')
    const entry: Entry = { stream, grants, timer: undefined }
    this.#entries.add(entry)
    const reason = this.#alreadyEnded(entry)
    if (reason) queueMicrotask(() => this.#close(entry, reason))
    else this.#arm(entry)
    return () => this.#forget(entry)
  }

  count(filter: { readonly personId?: string; readonly clusterId?: string } = {}): number {
    const { personId, clusterId } = filter
    if (personId === undefined && clusterId === undefined) return this.#entries.size
    let count = 0
    for (const { stream } of this.#entries) {
      const { person, clusterId: cluster } = stream.access
      if ((personId ?? person.id) === person.id && (clusterId ?? cluster) === cluster) count += 1
    }
    return count
  }

  closeAll(reason: StreamEnd): void {
    if (reason === 'draining') this.#draining = true
    for (const entry of this.#entries) this.#close(entry, reason)
  }

  rights(): OpenRights {
    const sessionIds = new Set<string>()
    const grantIds = new Set<string>()
    for (const { stream, grants } of this.#entries) {
      sessionIds.add(stream.access.session.id)
      for (const id of grants.keys()) grantIds.add(id)
    }
    return { sessionIds, grantIds }
  }

  #follow(change: Change): void {
    // Ends nothing by itself; the only change that may come in thousands.
    if (change.kind === 'administration') return
    for (const entry of this.#entries) {
      if (change.kind === 'grant') this.#dropGrant(entry, change.id)
      else if (idFor(change.kind, entry.stream.access) === change.id)
        this.#close(entry, reasonFor[change.kind])
    }
  }

  #dropGrant(entry: Entry, grantId: string): void {
    if (!entry.grants.delete(grantId)) return
    if (entry.grants.size === 0) this.#close(entry, 'grant ended')
    else this.#arm(entry)
  }

  /** What happened between the making of the Access and the opening of its stream. */
  #alreadyEnded(entry: Entry): StreamEnd | undefined {
    if (this.#draining) return 'draining'
    const { access } = entry.stream
    const { changeLog } = this.#options
    const since = madeAt(access)
    for (const kind of ownKinds) {
      if (changeLog.toldSince(since, [{ kind, id: idFor(kind, access) }])) return reasonFor[kind]
    }
    for (const id of entry.grants.keys()) {
      if (changeLog.toldSince(since, [{ kind: 'grant', id }])) entry.grants.delete(id)
    }
    return entry.grants.size === 0 ? 'grant ended' : undefined
  }

  #arm(entry: Entry): void {
    clearTimeout(entry.timer)
    const left = deadlineOf(entry) - this.#options.now()
    entry.timer = setTimeout(
      () => {
        if (deadlineOf(entry) <= this.#options.now()) this.#close(entry, 'expired')
        else this.#arm(entry)
      },
      Math.min(Math.max(left, 0), longestTimer),
    ).unref()
  }

  #forget(entry: Entry): boolean {
    clearTimeout(entry.timer)
    return this.#entries.delete(entry)
  }

  #close(entry: Entry, reason: StreamEnd): void {
    if (!this.#forget(entry)) return
    try {
      entry.stream.close(reason)
    } catch (error) {
      this.#options.log.error(
        { err: error, kind: entry.stream.kind, reason },
        'a stream did not close',
      )
    }
  }
}

type OwnKind = Exclude<Change['kind'], 'grant' | 'administration'>

const ownKinds = ['session', 'person', 'profile', 'credential', 'cluster'] as const

const reasonFor = {
  session: 'session ended',
  person: 'person removed',
  profile: 'profile removed',
  credential: 'credential replaced',
  cluster: 'cluster removed',
} as const satisfies Record<OwnKind, StreamEnd>

function idFor(kind: OwnKind, access: Access): string {
  switch (kind) {
    case 'session':
      return access.session.id
    case 'person':
      return access.person.id
    case 'profile':
    case 'credential':
      return access.credential.profileId
    case 'cluster':
      return access.clusterId
  }
}

/** The Access’s own end, or the last end of the grants that carry the stream if that comes first. */
function deadlineOf({ stream, grants }: Entry): number {
  let last = 0
  for (const end of grants.values()) last = Math.max(last, end?.getTime() ?? Infinity)
  return Math.min(last, stream.access.expires.getTime())
}
