import { once } from 'node:events'
import { Agent, request as requestTls } from 'node:https'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { openDatabase } from '../../../server/models/database.ts'
import { connectCluster } from '../../support/cluster/client.ts'
import { startGatewayProcess, type GatewayProcess } from '../../support/gateway-process.ts'
import { openStreams, streamPaths } from '../../support/raw-streams.ts'
import { simulatedPod } from '../../support/simulated-pod.ts'
import { adminKubeconfig } from '../../support/world.ts'

const cluster = connectCluster(inject('cluster'))
const drainSeconds = 5
let gateway: GatewayProcess

beforeEach(async () => {
  gateway = await startGatewayProcess({
    allow: [new URL(cluster.handle.address).host],
    environment: { GATEHOUSE_DRAIN_SECONDS: String(drainSeconds) },
  })
})
afterEach(() => gateway.remove())

async function newPerson(): Promise<string> {
  const admin = await gateway.admin()
  const kubeconfig = adminKubeconfig(cluster)
  await admin.clusters.importContext({ kubeconfig, context: 'admin', id: 'prod', name: 'Prod' })
  const profiles = await admin.profiles.list({ clusterId: 'prod' })
  const profileId = profiles.find(({ name }) => name === 'admin')?.id ?? ''
  const person = { name: 'grace', password: 'a long enough password' }
  const { id: personId } = await admin.persons.create(person)
  await admin.grants.create({ personId, profileId, preset: 'admin' })
  return (await gateway.as().entry.signIn({ ...person, device: 'test' })).accessToken
}

interface Asked {
  readonly agent: Agent
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A request whose head and half its body are sent: it is under way until the rest follows. */
async function begin(options: Asked, body: string) {
  const { hostname, port } = new URL(gateway.address)
  const headers = {
    ...options.headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    // Its answer shows that the gateway has the head.
    expect: '100-continue',
  }
  const asking = requestTls({ ...options, hostname, port, method: 'POST', headers })
  asking.on('error', () => undefined)
  const answered = once(asking, 'response').then(([response]) => response as IncomingMessage)
  answered.catch(() => undefined)
  asking.flushHeaders()
  await once(asking, 'continue')
  asking.write(body.slice(0, 5))
  return { asking, answered, finish: () => finish(asking, body.slice(5)) }
}

const finish = (asking: ClientRequest, rest: string) => void asking.end(rest)

const ask = async (path: string) => {
  const response = await fetch(`${gateway.healthAddress}${path}`)
  return `${response.status} ${(await response.text()).trim()}`
}

test('health, readiness and numbers are told on their own port only', async () => {
  expect(await ask('/livez')).toBe('200 ok')
  expect(await ask('/readyz')).toBe('200 ok')
  const numbers = await ask('/metrics')
  expect(numbers).toContain('\ngatehouse_streams 0\n')
  expect(numbers).toContain('\ngatehouse_audit_healthy 1\n')
  expect(await ask('/api/status')).toBe('404 not found')
  const { hostname, port } = new URL(gateway.address)
  const asking = requestTls({ hostname, port, path: '/metrics', ca: gateway.caPem, agent: false })
  asking.end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  response.resume()
  expect(response.statusCode).toBe(404)
})

test('a gateway that is told to stop ends its streams, finishes what is short, and goes', async () => {
  const token = await newPerson()
  const { name: namespace } = await cluster.namespace('drain')
  const base = `/api/v1/namespaces/${namespace}`
  await cluster.api.want(`${base}/pods`, { method: 'POST', body: simulatedPod('target') })
  await cluster.waitForPod(namespace, 'target')
  const opener = { ...gateway, token }
  const streams = await openStreams(opener, streamPaths('/k8s/prod', namespace, 'target'), 12)
  // Kept open by its client, as every Kubernetes client does.
  const agent = new Agent({ ca: gateway.caPem, keepAlive: true })
  const headers = { authorization: `Bearer ${token}` }
  const short = await begin(
    { agent, path: `/k8s/prod${base}/configmaps`, headers },
    JSON.stringify({ metadata: { name: 'made-while-draining' } }),
  )

  const began = performance.now()
  const ended = gateway.end('SIGTERM')
  await Promise.all(streams.map((it) => it.ended))
  expect(await ask('/livez')).toBe('200 ok')
  expect(await ask('/readyz')).toBe('503 draining')
  await expect(gateway.as().entry.status({})).rejects.toMatchObject({ code: 'unavailable' })
  short.finish()
  const response = await short.answered
  expect(response.statusCode).toBe(201)
  expect(await text(response)).toContain('made-while-draining')
  expect(await ended).toEqual({ code: 0, signal: null })
  // It does not wait for the connections that their clients would have kept.
  expect(performance.now() - began).toBeLessThan(drainSeconds * 1000)
  agent.destroy()

  const db = await openDatabase(`sqlite:${join(gateway.folder, 'gatehouse.sqlite')}`)
  const rows = await db.events.findAll({ order: [['sequence', 'ASC']] })
  await db.close()
  const bodies = rows.map(({ body }) => JSON.parse(body) as { phase: string; reason?: string })
  expect(bodies.filter(({ reason }) => reason === 'draining')).toHaveLength(12)
  expect(bodies.at(-1)?.phase).toBe('stop')
}, 60_000)

test('a request that never ends holds a stopping gateway no longer than it may', async () => {
  const agent = new Agent({ ca: gateway.caPem, keepAlive: true })
  const endless = await begin({ agent, path: '/api/sign-in' }, '{"name":"x"}')
  const began = performance.now()
  expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(performance.now() - began).toBeLessThan(drainSeconds * 1000 + 2000)
  await expect(endless.answered).rejects.toThrow()
  agent.destroy()
})
