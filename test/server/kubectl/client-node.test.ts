import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  CoreV1Api,
  Exec,
  KubeConfig,
  makeInformer,
  PortForward,
  type V1ConfigMap,
  type V1Status,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../support/cluster/readiness.ts'
import { openDesk, type Desk } from '../../support/desk.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { bothWays, rawRequest } from '../../support/raw-request.ts'
import { Transcript } from '../../support/transcript.ts'
import { adminKubeconfig, openWorld, type TestPerson, type World } from '../../support/world.ts'

let world: World
let desk: Desk
let kubeconfig: KubeConfig
let core: CoreV1Api

beforeAll(async () => {
  world = await openWorld()
  desk = await openDesk(world, { preset: 'operator' })
  kubeconfig = new KubeConfig()
  kubeconfig.loadFromFile(desk.person.kubeconfig)
  core = kubeconfig.makeApiClient(CoreV1Api)
  const script = 'mkdir /web; echo hello > /web/index.html; exec httpd -f -p 8080 -h /web'
  await createPod(world.cluster, desk.namespace, realPod('web', { script, readyPort: 8080 }))
  await world.cluster.waitForPod(desk.namespace, 'web')
})
afterAll(async () => {
  await desk?.leave()
  await world?.stop()
})

describe('the client for Node', () => {
  test('lists what is there', async () => {
    const { items } = await core.listNamespacedPod({ namespace: desk.namespace })
    expect(items.map((it) => it.metadata?.name)).toEqual(['web'])
  })

  test('is told of every change as it happens', async () => {
    const { namespace } = desk
    const told: string[] = []
    const more = new PassThrough({ objectMode: true })
    const informer = makeInformer<V1ConfigMap>(
      kubeconfig,
      `/api/v1/namespaces/${namespace}/configmaps`,
      () => core.listNamespacedConfigMap({ namespace, labelSelector: 'told=yes' }),
      'told=yes',
    )
    for (const verb of ['add', 'update', 'delete'] as const)
      informer.on(verb, (it) => {
        told.push(`${verb} ${it.data?.['colour']}`)
        more.write(verb)
      })
    const next = more[Symbol.asyncIterator]()
    await informer.start()
    const metadata = { name: 'told', labels: { told: 'yes' } }
    const named = { namespace, name: 'told' }
    await core.createNamespacedConfigMap({ namespace, body: { metadata, data: { colour: 'red' } } })
    await next.next()
    const body = { metadata, data: { colour: 'green' } }
    await core.replaceNamespacedConfigMap({ ...named, body })
    await next.next()
    await core.deleteNamespacedConfigMap(named)
    await next.next()
    await informer.stop()
    expect(told).toEqual(['add red', 'update green', 'delete green'])
  })

  test('runs a program over a WebSocket and gets its exit code', async () => {
    const [out, input] = [new PassThrough(), new PassThrough()]
    const ended = Promise.withResolvers<V1Status>()
    const command = ['sh', '-c', 'read -r line; echo "got $line"; exit 3']
    const { namespace } = desk
    const exec = new Exec(kubeconfig)
    await exec.exec(namespace, 'web', 'main', command, out, null, input, false, ended.resolve)
    input.write('a line\n')
    const status = await ended.promise
    out.end()
    expect(await text(out)).toBe('got a line\n')
    expect(status.details?.causes).toEqual([{ reason: 'ExitCode', message: '3' }])
  })

  test('speaks with a port of a pod', async () => {
    const [out, error, input] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const transcript = new Transcript()
    out.setEncoding('utf8').on('data', (it: string) => transcript.add(it))
    const { namespace } = desk
    const forward = new PortForward(kubeconfig)
    const socket = await forward.portForward(namespace, 'web', [8080], out, error, input)
    input.write('GET / HTTP/1.0\r\n\r\n')
    await transcript.shows(/\r\n\r\nhello\n$/)
    if ('close' in socket) socket.close()
  })
})

interface ClusterEvent {
  readonly auditID: string
  readonly requestURI: string
  readonly verb: string
}

/** What the API server itself says of a request, found by the id that the gateway gave it. */
const clusterEvent = (auditId: unknown) =>
  until({ what: `The cluster’s record of ${String(auditId)}`, withinMs: 5_000 }, async () => {
    const log = await readFile(world.cluster.handle.auditLog ?? '', 'utf8')
    const line = log.split('\n').find((it) => it.includes(`"auditID":"${String(auditId)}"`))
    return line === undefined ? undefined : (JSON.parse(line) as ClusterEvent)
  })

describe('the proxy', () => {
  test('passes on every method of Kubernetes, without its own prefix', async () => {
    const { direct, through } = bothWays(world, desk.person, 'operator')
    const all = `/api/v1/namespaces/${desk.namespace}/configmaps`
    const one = `${all}/methods`
    const json = { 'content-type': 'application/json' }
    const body = JSON.stringify({ metadata: { name: 'methods' } })
    const patch = { 'content-type': 'application/merge-patch+json' }
    const answers = [
      await through(all, { method: 'POST', headers: json, body }),
      await through(one, { method: 'GET' }),
      await through(one, { method: 'HEAD' }),
      await through(one, { method: 'PUT', headers: json, body }),
      await through(one, { method: 'PATCH', headers: patch, body: '{"data":{"a":"1"}}' }),
      await through(one, { method: 'DELETE' }),
    ]
    const seen = await Promise.all(answers.map((it) => clusterEvent(it.headers['audit-id'])))
    // The API server itself answers HEAD so.
    expect((await direct(one, { method: 'HEAD' })).status).toBe(405)
    expect(answers.map((it) => it.status)).toEqual([201, 200, 405, 200, 200, 200])
    expect(seen.map((it) => `${it.verb} ${it.requestURI}`)).toEqual([
      `create ${all}`,
      `get ${one}`,
      `get ${one}`,
      `update ${one}`,
      `patch ${one}`,
      `delete ${one}`,
    ])
  })

  test('refuses methods that Kubernetes does not know', async () => {
    const { through } = bothWays(world, desk.person, 'operator')
    const path = `/api/v1/namespaces/${desk.namespace}/configmaps`
    const answers = await Promise.all(
      ['OPTIONS', 'TRACE', 'PROPFIND'].map((method) => through(path, { method })),
    )
    expect(answers.map((it) => it.status)).toEqual([403, 403, 403])
  })

  test('leaves the query as it was written', async () => {
    const { through } = bothWays(world, desk.person, 'operator')
    const query = 'limit=1&labelSelector=a%20in%20(b%2Cc)&unknown=%2F%3f&limit=2&empty=&flag'
    const path = `/api/v1/namespaces/${desk.namespace}/configmaps?${query}`
    const answer = await through(path)
    expect(answer.status).toBe(200)
    expect((await clusterEvent(answer.headers['audit-id'])).requestURI).toBe(path)
  })
})

/** The person’s calls to any cluster and profile of the gateway. */
const callsOf = ({ token }: TestPerson) => {
  const { address, caPem } = world.gateway
  return (path: string) => rawRequest({ address, caPem, token }, path)
}

describe('what an administrator changes', () => {
  test('a pasted credential counts from the next call on', async () => {
    const admin = await world.gateway.admin()
    const { cluster, id: clusterId } = world
    const { namespace, person } = desk
    const role = { clusterRole: 'view' }
    const reader = await cluster.serviceAccountToken(namespace, 'reader', { role })
    const nobody = await cluster.serviceAccountToken(namespace, 'nobody')
    const profile = await admin.profiles.createStatic({ clusterId, name: 'pasted', token: reader })
    await admin.grants.create({ personId: person.id, profileId: profile.id, preset: 'viewer' })
    const call = callsOf(person)
    const list = `/k8s/${clusterId}@pasted/api/v1/namespaces/${namespace}/pods`
    const before = await call(list)
    await admin.profiles.replaceToken({ id: profile.id, token: nobody })
    const after = await call(list)
    await admin.profiles.replaceToken({ id: profile.id, token: reader })
    const again = await call(list)
    expect([before.status, after.status, again.status]).toEqual([200, 403, 200])
    expect(after.body.toString()).toContain(`system:serviceaccount:${namespace}:nobody`)
  })

  test('a removed cluster ends its watches at once and is not known any more', async () => {
    const admin = await world.gateway.admin()
    await admin.clusters.importContext({
      kubeconfig: adminKubeconfig(world.cluster),
      context: 'admin',
      id: 'doomed',
      name: 'Soon removed',
      presets: ['viewer'],
    })
    const [profile] = await admin.profiles.list({ clusterId: 'doomed' })
    const { person } = desk
    await admin.grants.create({
      personId: person.id,
      profileId: profile?.id ?? '',
      preset: 'viewer',
    })
    const call = callsOf(person)
    const pods = `/k8s/doomed/api/v1/namespaces/${desk.namespace}/pods`
    expect((await call(pods)).status).toBe(200)
    const watch = await openWatch(`${pods}?watch=true`)
    await admin.clusters.remove({ id: 'doomed' })
    expect(await watch.ended).toBe('cut')
    const after = await call(pods)
    expect(after.status).toBe(403)
    expect(after.body.toString()).toContain('has no grant on the cluster \\"doomed\\"')
  })
})

/** A watch that has begun, and how it ends: politely or cut. */
async function openWatch(path: string) {
  const { address, caPem } = world.gateway
  const headers = { authorization: `Bearer ${desk.person.token}` }
  const begun = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<'whole' | 'cut'>()
  request(`${address}${path}`, { ca: caPem, agent: false, headers }, (response) => {
    response.once('data', () => begun.resolve())
    response.on('error', () => undefined)
    response.on('close', () => ended.resolve(response.complete ? 'whole' : 'cut'))
  })
    .on('error', begun.reject)
    .end()
  await begun.promise
  return { ended: ended.promise }
}
