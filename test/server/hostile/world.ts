import { randomBytes } from 'node:crypto'
import { expect, vi } from 'vitest'
import type { Gateway as Api } from '#gateway'
import type { Event } from '#gateway/events.ts'
import type { Capability, Preset, Scope } from '#gateway/grants.ts'
import { makeAuthority, type Authority } from '../../support/cluster/certificates.ts'
import { startGateway, type GatewayOptions, type TestGateway } from '../../support/gateway.ts'
import {
  respondWith,
  startRecorder,
  type Recorder,
  type RecordedRequest,
  type Respond,
} from '../../support/recorder.ts'
import { connectRaw, type Answer, type RawClient } from './raw-client.ts'

/** A gateway in front of a cluster that keeps every byte it is sent and answers what a test says. */
export interface HostileWorld {
  readonly gateway: TestGateway
  readonly recorder: Recorder
  readonly authority: Authority
  readonly api: Api
  /** The identity of the only profile, which the gateway injects. */
  readonly credential: string
  readonly profileId: string
  person(options?: PersonOptions): Promise<Person>
  connect(): Promise<RawClient>
  /** Sends bytes on a connection of their own and reads the answer. */
  ask(bytes: string | Buffer): Promise<Answer>
  /** The same, and that the connection is gone afterwards. */
  askAndClose(bytes: string | Buffer): Promise<Answer>
  respond(respond: Respond): void
  /** What came upstream since the last call, the gateway’s own signs of life left out. */
  seen(): readonly RecordedRequest[]
  /** The first request that `seen` has not told, once it is there. */
  arrival(): Promise<RecordedRequest>
  /** The records of one attempt, oldest first, once there is one. */
  records(id: string | undefined): Promise<Event[]>
  stop(): Promise<void>
}

export interface PersonOptions {
  readonly preset?: Preset
  readonly namespaces?: string[]
  readonly capabilities?: Capability[]
  readonly rules?: Scope['rules']
  readonly expiresAt?: string
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly password: string
  readonly token: string
  readonly sessionId: string
  readonly grantId: string
  /** A request head with this person’s bearer; further lines come after it. */
  head(line: string, ...lines: string[]): string
  get(path: string, ...lines: string[]): string
  /** A WebSocket handshake for exec, attach or port-forward. */
  upgrade(path: string, ...lines: string[]): string
}

export const pods = '/k8s/c1/api/v1/namespaces/a/pods'
export const execPath = `${pods}/p/exec?command=sh&stdin=true`
/** Part of the answer that the cluster gives unless a test says otherwise. */
export const goodBody = '{"kind":"PodList","items":["good"]}'
export const good = respondWith(200, goodBody)

const versionOr =
  (respond: () => Respond): Respond =>
  (request, socket) => {
    const isVersion = request.path === '/version'
    const answer = isVersion
      ? respondWith(200, JSON.stringify({ gitVersion: 'v1.35.0' }))
      : respond()
    answer(request, socket)
  }

export async function openHostileWorld(options: GatewayOptions = {}): Promise<HostileWorld> {
  const authority = await makeAuthority()
  let respond: Respond = good
  const recorder = await startRecorder({
    tls: await authority.certificateFor(['127.0.0.1']),
    respond: versionOr(() => respond),
  })
  const gateway = await startGateway({
    ...options,
    allow: [recorder.host, ...(options.allow ?? [])],
  })
  const api = await gateway.admin()
  const { address } = recorder
  await api.clusters.register({ id: 'c1', name: 'One', address, caPem: authority.caPem })
  const credential = `credential-${randomBytes(12).toString('hex')}`
  const profile = await api.profiles.createStatic({
    clusterId: 'c1',
    name: 'main',
    token: credential,
  })
  let marked = recorder.requests.length
  // A sign of life carries no credential.
  const unseen = () =>
    recorder.requests
      .slice(marked)
      .filter((it) => it.path !== '/version' || it.header('authorization') !== undefined)
  const { port, caPem } = gateway
  const connect = () => connectRaw({ port, caPem })
  const ask = async (bytes: string | Buffer, closes = false) => {
    const client = await connect()
    client.send(bytes)
    const answer = await client.answer()
    if (closes) await client.closed
    else client.socket.destroy()
    return answer
  }

  return {
    gateway,
    recorder,
    authority,
    api,
    credential,
    profileId: profile.id,
    person: (wanted = {}) => makePerson(wanted),
    connect,
    ask: (bytes) => ask(bytes),
    askAndClose: (bytes) => ask(bytes, true),
    respond(next) {
      respond = next
    },
    seen() {
      const since = unseen()
      marked = recorder.requests.length
      return since
    },
    async arrival() {
      await recorder.when(() => unseen().length > 0)
      return unseen()[0] as RecordedRequest
    },
    async records(id) {
      if (id === undefined) throw new Error('the answer has no Audit-Id')
      // Reads and outcomes are committed in batches, up to 100 ms after the answer.
      return vi.waitUntil(
        async () => {
          const { events } = await api.events.list({ id, limit: 10 })
          return events.some((it) => it.phase !== 'intent') && events.toReversed()
        },
        { timeout: 30_000 },
      )
    },
    async stop() {
      await gateway.stop()
      await recorder.stop()
    },
  }

  async function makePerson({ preset = 'admin', ...scope }: PersonOptions): Promise<Person> {
    const name = `person-${randomBytes(4).toString('hex')}`
    const password = randomBytes(12).toString('hex')
    const { id } = await api.persons.create({ name, password })
    const grant = await api.grants.create({
      personId: id,
      profileId: profile.id,
      preset,
      ...scope,
    })
    const { accessToken: token, session } = await gateway.signIn(name, password)
    const head = (line: string, ...lines: string[]) =>
      rawHead(
        `${line} HTTP/1.1`,
        `Host: 127.0.0.1:${gateway.port}`,
        `Authorization: Bearer ${token}`,
        ...lines,
      )
    return {
      id,
      name,
      password,
      token,
      sessionId: session.id,
      grantId: grant.id,
      head,
      get: (path, ...lines) => head(`GET ${path}`, ...lines),
      upgrade: (path, ...lines) => head(`GET ${path}`, ...handshake, ...lines),
    }
  }
}

/** Lines as a head, byte for byte. */
export const rawHead = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`

export const handshake = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: v5.channel.k8s.io',
]

export const agreed = [
  'HTTP/1.1 101 Switching Protocols',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  'Sec-WebSocket-Protocol: v5.channel.k8s.io',
]

/** Expects a refusal that says so in Kubernetes’ words and is on record as one. */
export async function expectRefused(
  world: HostileWorld,
  answer: Answer,
  status: number,
): Promise<void> {
  expect(answer.status, answer.head).toBe(status)
  expect(answer.json()).toMatchObject({ kind: 'Status', status: 'Failure', code: status })
  const records = await world.records(answer.header('audit-id'))
  expect(records.map((it) => [it.phase, it.result, it.status])).toEqual([
    ['event', 'refused', status],
  ])
}

/** Expects the gateway to go on serving: one ordinary call, seen upstream exactly once. */
export async function expectServing(world: HostileWorld, person: Person): Promise<void> {
  world.respond(good)
  world.seen()
  const answer = await world.ask(person.get(pods))
  expect([answer.status, answer.body]).toEqual([200, goodBody])
  expect(world.seen().map((it) => `${it.method} ${it.path}`)).toEqual([
    'GET /api/v1/namespaces/a/pods',
  ])
}
