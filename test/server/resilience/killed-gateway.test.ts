import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Event } from '#gateway/events.ts'
import { verifyExport } from '../../../server/audit/verify-file.ts'
import { connectCluster } from '../../support/cluster/client.ts'
import { administrator } from '../../support/gateway.ts'
import { startGatewayProcess, type GatewayProcess } from '../../support/gateway-process.ts'
import { rawRequest } from '../../support/raw-request.ts'
import { openCat } from '../../support/raw-streams.ts'
import { simulatedPod } from '../../support/simulated-pod.ts'
import { adminKubeconfig } from '../../support/world.ts'

const calls = 500
const parallel = 16
const killedAfter = 200

const cluster = connectCluster(inject('cluster'))
let gateway: GatewayProcess
let namespace: string
let token: string

beforeAll(async () => {
  gateway = await startGatewayProcess({
    supervised: true,
    allow: [new URL(cluster.handle.address).host],
  })
  const admin = await gateway.admin()
  const kubeconfig = adminKubeconfig(cluster)
  await admin.clusters.importContext({ kubeconfig, context: 'admin', id: 'prod', name: 'Prod' })
  const profile = (await admin.profiles.list({ clusterId: 'prod' })).find(
    ({ name }) => name === 'admin',
  )
  const person = { name: 'busy', password: 'a long enough password' }
  const { id: personId } = await admin.persons.create(person)
  await admin.grants.create({ personId, profileId: profile?.id ?? '', preset: 'admin' })
  token = (await gateway.as().entry.signIn({ ...person, device: 'test' })).accessToken
  namespace = (await cluster.namespace('killed')).name
  const pods = `/api/v1/namespaces/${namespace}/pods`
  await cluster.api.want(pods, { method: 'POST', body: simulatedPod('target') })
  await cluster.waitForPod(namespace, 'target')
})
afterAll(async () => {
  await gateway.remove()
})

type Outcome =
  | { readonly status: 'answered'; readonly code: number; readonly id: string }
  | { readonly status: 'lost' }

/** One change, on a connection that is kept like a client's. A connection that breaks leaves it open what became of it. */
function create(agent: Agent, name: string): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const { hostname, port } = new URL(gateway.address)
  const path = `/k8s/prod/api/v1/namespaces/${namespace}/configmaps`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const lost = () => resolve({ status: 'lost' })
  request({ agent, hostname, port, path, method: 'POST', headers }, (response) => {
    const { statusCode: code = 0, headers: head } = response
    const id = String(head['audit-id'])
    buffer(response).then(() => resolve({ status: 'answered', code, id }), lost)
  })
    .on('error', lost)
    .end(JSON.stringify({ metadata: { name } }))
  return promise
}

test('a gateway that is killed at work loses no change it has acknowledged, and says what it does not know', async () => {
  const agent = new Agent({ ca: gateway.caPem, keepAlive: true, maxSockets: parallel })
  const outcomes = new Map<string, Outcome>()
  // Open while it is killed: how this ends is what nobody can know afterwards.
  const terminal = await openCat({ ...gateway, token }, '/k8s/prod', namespace, 'target')
  await terminal.echo('before')
  let next = 0
  let killed: Promise<unknown> | undefined
  const work = async () => {
    for (let at = next++; at < calls; at = next++) {
      const name = `made-${at}`
      const outcome = await create(agent, name)
      outcomes.set(name, outcome)
      if (outcomes.size === killedAfter) killed = gateway.end('SIGKILL')
      // As a person would: waits until it is back, and goes on with the next.
      if (outcome.status === 'lost') await gateway.listening(2)
    }
  }
  await Promise.all(Array.from({ length: parallel }, work))
  await expect(killed).resolves.toEqual({ code: null, signal: 'SIGKILL' })
  agent.destroy()

  const { items } = await cluster.api.want<{ items: { metadata: { name: string } }[] }>(
    `/api/v1/namespaces/${namespace}/configmaps`,
  )
  const existing = new Set(items.map(({ metadata }) => metadata.name))
  const acknowledged = [...outcomes].flatMap(([name, it]) =>
    it.status === 'answered' ? [{ name, ...it }] : [],
  )
  expect(acknowledged.filter(({ code }) => code !== 201)).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(calls - 2 * parallel)
  expect(acknowledged.length).toBeLessThan(calls)
  expect(acknowledged.filter(({ name }) => !existing.has(name))).toEqual([])

  const text = await exported()
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Partial<Event>)
  const idsOf = (wanted: (event: Partial<Event>) => boolean) =>
    new Set(records.filter(wanted).map(({ id }) => id))
  const changes = ({ verb, namespace: where }: Partial<Event>) =>
    verb === 'create' && where === namespace
  const intents = idsOf((it) => it.phase === 'intent' && changes(it))
  const known = idsOf((it) => it.phase === 'outcome' && it.result === 'allowed' && changes(it))
  const unknown = idsOf((it) => it.phase === 'outcome' && it.result === 'unknown' && changes(it))
  const lost = records.filter((it) => it.result === 'unknown' && it.subresource === 'exec')
  expect(acknowledged.filter(({ id }) => !intents.has(id))).toEqual([])
  // Nothing that was begun is left without a word on how it ended.
  expect([...intents].filter((id) => !known.has(id) && !unknown.has(id))).toEqual([])
  expect(lost).toMatchObject([{ phase: 'outcome', namespace, name: 'target', person: 'busy' }])
  // Nothing reached the cluster that is not on record.
  expect(existing.size - 1).toBeLessThanOrEqual(intents.size)

  const pem = await readFile(join(gateway.folder, 'audit-key.pem'), 'utf8')
  const publicPem = createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'pem' })
  const verdict = await verifyExport(oneChunk(text), publicPem.toString())
  expect(verdict).toMatchObject({ status: 'intact', gaps: [{}] })
}, 120_000)

async function* oneChunk(text: string): AsyncIterable<string> {
  yield await Promise.resolve(text)
}

/** All of the audit, as an administrator would take it to an offline check. */
async function exported(): Promise<string> {
  const auditor = { ...administrator, device: 'auditor' }
  const { accessToken } = await gateway.as().entry.signIn(auditor)
  const { status, body } = await rawRequest(
    { ...gateway, token: accessToken },
    '/api/events/export',
  )
  expect(status).toBe(200)
  return body.toString()
}
