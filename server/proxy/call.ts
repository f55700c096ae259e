import { randomUUID } from 'node:crypto'
import type { Access, Identity, StreamKind } from '../access/index.ts'
import type { Attempt } from '../audit/index.ts'
import { capabilityOf } from '../policies/capabilities.ts'
import type { CreatedNames } from '../policies/scope.ts'
import { isLongRunning, type RequestInfo } from './request-info.ts'
import type { Target } from './target.ts'

/** One attempt to reach a cluster, filled in as it becomes known, so that a refusal at any step is recorded with all that was known by then. */
export class Call {
  /** The Audit-ID: sent upstream, returned to the client, the key of the audit records. */
  readonly id = randomUUID()
  readonly method: string
  readonly source: string
  readonly #started = performance.now()
  target: Target | undefined
  identity: Identity | undefined
  access: Access | undefined
  info: RequestInfo | undefined
  grantIds: readonly string[] = []
  /** What of the client’s head may travel, once that was decided. */
  forwarded: readonly string[] = []
  /** A server-side apply makes what is not there, whatever its verb says. */
  applies = false
  /** What its body calls the object, where that matters and once it was read. */
  created: CreatedNames | undefined
  bytesIn = 0
  bytesOut = 0

  constructor(method: string, source: string) {
    this.method = method
    this.source = source
  }

  /** Whether it may last as long as it likes: a watch, a log, a terminal, a tunnel. */
  get isLong(): boolean {
    return this.info !== undefined && isLongRunning(this.info)
  }

  /** Whether it is recorded in a batch with others: it changes nothing and opens no door into a workload. */
  get isRead(): boolean {
    const { info, method } = this
    if (info === undefined || info.kind === 'error') return false
    if (info.kind === 'nonresource') return method === 'GET' || method === 'HEAD'
    const capability = capabilityOf(info)
    return reads.has(info.verb) && (capability === undefined || capability === 'secrets')
  }

  get streamKind(): StreamKind {
    const { info } = this
    if (info?.kind !== 'resource') return 'watch'
    return kinds.get(info.subresource) ?? (info.verb === 'proxy' ? 'proxy' : 'watch')
  }

  /** The audit record of this attempt as it stands. */
  attempt(result: Attempt['result'], more: { status?: number; reason?: string } = {}): Attempt {
    const { target, identity, access } = this
    // Every field each time, absent or not: thousands of these a second should have one shape.
    return {
      id: this.id,
      action: 'proxy',
      result,
      source: this.source,
      person: identity?.person.name,
      personId: identity?.person.id,
      session: identity?.session.id,
      cluster: target?.cluster,
      path: target?.path,
      profile: access?.credential.profileName,
      grants: access && [...this.grantIds],
      ...this.#object(),
      status: more.status,
      reason: more.reason,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      milliseconds: Math.round((performance.now() - this.#started) * 10) / 10,
    }
  }

  get #createdName(): string | undefined {
    return this.created?.names[0]?.slice(0, longestName)
  }

  #object() {
    const { info } = this
    const object = info?.kind === 'resource' ? info : undefined
    return {
      verb: info === undefined || info.kind === 'error' ? this.method.toLowerCase() : info.verb,
      group: object?.group,
      resource: object?.resource,
      subresource: object?.subresource,
      namespace: object?.namespace,
      name: this.#createdName ?? object?.name,
    }
  }
}

/** Of an object in Kubernetes; whoever sends a longer one is not recorded with all of it. */
const longestName = 253

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

const kinds: ReadonlyMap<string, StreamKind> = new Map<string, StreamKind>([
  ['exec', 'exec'],
  ['attach', 'attach'],
  ['portforward', 'port-forward'],
  ['log', 'log'],
  ['proxy', 'proxy'],
])
