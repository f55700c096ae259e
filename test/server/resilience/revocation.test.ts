import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Gateway as Api } from '#gateway'
import type { Event } from '#gateway/events.ts'
import { until } from '../../support/cluster/readiness.ts'
import { openCat, openStreams, streamPaths, type RawStream } from '../../support/raw-streams.ts'
import { simulatedPod } from '../../support/simulated-pod.ts'
import { openWorld, type World } from '../../support/world.ts'

/** A fact of the product: what was revoked is gone within a second, in milliseconds. */
const longest = 1000

let world: World
let admin: Api
let namespace: string
let profileToken: string
let bystander: RawStream

beforeAll(async () => {
  world = await openWorld()
  admin = await world.gateway.admin()
  const { name } = await world.cluster.namespace('revoke')
  namespace = name
  await world.cluster.api.want(`/api/v1/namespaces/${namespace}/pods`, {
    method: 'POST',
    body: simulatedPod('target'),
  })
  await world.cluster.waitForPod(namespace, 'target')
  profileToken = await world.cluster.serviceAccountToken(namespace, 'streamer', {
    role: { clusterRole: 'admin' },
  })
  const other = await world.person(['operator'])
  const opener = { ...world.gateway, token: other.token }
  bystander = await openCat(opener, `/k8s/${world.id}@operator`, namespace, 'target')
  await bystander.echo('before')
})
afterAll(async () => {
  bystander.close()
  await world.stop()
})

const paths = (prefix: string) => streamPaths(prefix, namespace, 'target')

/** Somebody with a right of their own, so that taking it away hits nobody else. */
interface Right {
  readonly personId: string
  readonly name: string
  readonly password: string
  readonly grantId: string
  readonly profileId: string
  readonly sessionId: string
  readonly token: string
  readonly clusterId: string
}

let made = 0

async function newRight(expiresAt?: string): Promise<Right> {
  made += 1
  const id = `own-${made}`
  const { address, caPem, serverName } = world.cluster.handle
  await admin.clusters.register({ id, name: id, address, caPem, serverName })
  const profile = { clusterId: id, name: 'streamer', token: profileToken }
  const { id: profileId } = await admin.profiles.createStatic(profile)
  const name = `streamer-${made}`
  const password = `a long enough password ${made}`
  const { id: personId } = await admin.persons.create({ name, password })
  const grant = { personId, profileId, preset: 'admin', ...(expiresAt && { expiresAt }) } as const
  const { id: grantId } = await admin.grants.create(grant)
  const { accessToken: token, session } = await world.gateway.signIn(name, password)
  const ids = { personId, grantId, profileId, sessionId: session.id, clusterId: id }
  return { ...ids, name, password, token }
}

const openAll = (right: Right, count: number) =>
  openStreams(
    { ...world.gateway, token: right.token },
    paths(`/k8s/${right.clusterId}@streamer`),
    count,
  )

/** How the audit says that each stream of a session ended, as soon as it knows it of all of them. */
const endings = (sessionId: string, count: number): Promise<readonly Event[]> =>
  until({ what: `${count} endings in the audit`, withinMs: 10_000 }, async () => {
    const { events } = await admin.events.list({ session: sessionId, action: 'proxy', limit: 1000 })
    const ends = events.filter(({ phase }) => phase === 'outcome' || phase === 'event')
    return ends.length >= count ? ends : undefined
  })

async function slowestEnd(streams: readonly RawStream[], since: number): Promise<number> {
  return Math.max(...(await Promise.all(streams.map(({ ended }) => ended)))) - since
}

test('a revoked session ends two hundred streams of every kind within a second', async () => {
  const right = await newRight()
  const streams = await openAll(right, 200)
  expect(streams.filter((it) => it.isOpen())).toHaveLength(200)
  // What the same call takes where there is nothing to end: this machine's share of the time.
  const other = await world.gateway.signIn(right.name, right.password)
  const idle = performance.now()
  await admin.sessions.revoke({ id: other.session.id })
  const since = performance.now()
  const share = since - idle
  await admin.sessions.revoke({ id: right.sessionId })
  expect((await slowestEnd(streams, since)) - share).toBeLessThanOrEqual(longest)
  const ends = await endings(right.sessionId, 200)
  expect(ends.map(({ reason }) => reason)).toEqual(Array(200).fill('session ended'))
  const kinds = new Set(ends.map((it) => `${it.verb} ${it.subresource ?? ''} ${it.status}`))
  expect([...kinds].sort()).toEqual([
    'get exec 101',
    'get log 101',
    'get log 200',
    'get portforward 101',
    'watch  200',
  ])
  await bystander.echo('after the session')
}, 60_000)

const ways: readonly [string, string, (right: Right) => Promise<unknown>][] = [
  ['removing the grant', 'grant ended', ({ grantId: id }) => admin.grants.remove({ id })],
  ['removing the profile', 'profile removed', ({ profileId: id }) => admin.profiles.remove({ id })],
  ['removing the cluster', 'cluster removed', ({ clusterId: id }) => admin.clusters.remove({ id })],
  ['removing the person', 'person removed', ({ personId: id }) => admin.persons.remove({ id })],
  [
    'disabling the person',
    'session ended',
    ({ personId: id }) => admin.persons.update({ id, disabled: true }),
  ],
]

test.each(ways)('%s ends its streams within a second, and says why', async (way, why, end) => {
  const right = await newRight()
  const streams = await openAll(right, 24)
  const since = performance.now()
  await end(right)
  expect(await slowestEnd(streams, since)).toBeLessThanOrEqual(longest)
  const ends = await endings(right.sessionId, 24)
  expect(ends.map(({ reason }) => reason)).toEqual(Array(24).fill(why))
  await bystander.echo(`after ${way}`)
})

test('a grant that expires ends its streams within a second, and not before', async () => {
  const end = Date.now() + 9000
  const right = await newRight(new Date(end).toISOString())
  const streams = await openAll(right, 24)
  const due = performance.now() + (end - Date.now())
  const late = await slowestEnd(streams, due)
  expect(late).toBeLessThanOrEqual(longest)
  const first = Math.min(...(await Promise.all(streams.map(({ ended }) => ended)))) - due
  expect(first).toBeGreaterThan(-50)
  const ends = await endings(right.sessionId, 24)
  expect(ends.map(({ reason }) => reason)).toEqual(Array(24).fill('expired'))
  await bystander.echo('after the expiry')
})
