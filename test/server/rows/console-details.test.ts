import { inject, afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Gateway } from '#gateway'
import { busyboxImage } from '../../support/cluster/node-images.ts'
import { realNodeName } from '../../support/cluster/node.ts'
import { openDetour, type Detour } from '../../support/detour.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { openStream } from '../../support/stream-client.ts'
import { adminKubeconfig, openWorld, type TestPerson, type World } from '../../support/world.ts'
import { list } from './listing.ts'

let world: World
let detour: Detour
let namespace: string
let remove: () => Promise<void>
let operator: { readonly api: Gateway; readonly person: TestPerson }
const place = { cluster: 'test', profile: 'operator' }
const core = { group: '', version: 'v1' }

/** Holds on to its memory until it has more than it may. */
const greedy = realPod('greedy', {
  script: 'a=xxxxxxxxxxxxxxxx; while :; do a=$a$a; done',
  container: { resources: { limits: { memory: '16Mi' } } },
})

/** Whose only program is what runs: nobody can enter it. */
const shellless = {
  ...realPod('shellless', { script: '' }),
  spec: {
    nodeName: realNodeName,
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: 'bin', emptyDir: {} }],
    initContainers: [
      {
        name: 'prepare',
        image: busyboxImage,
        imagePullPolicy: 'Never',
        command: ['cp', '/bin/busybox', '/only/sleep'],
        volumeMounts: [{ name: 'bin', mountPath: '/only' }],
      },
    ],
    containers: [
      {
        name: 'main',
        image: busyboxImage,
        imagePullPolicy: 'Never',
        command: ['/bin/sleep', '3600'],
        volumeMounts: [{ name: 'bin', mountPath: '/bin', readOnly: true }],
        resources: { requests: { cpu: '10m' }, limits: { memory: '32Mi' } },
      },
    ],
  },
}

beforeAll(async () => {
  const { handle } = { handle: inject('cluster') }
  detour = await openDetour(handle)
  world = await openWorld({ allow: [detour.host] })
  const { cluster, gateway } = world
  const made = await cluster.namespace('details')
  namespace = made.name
  remove = () => made.remove()
  const talks = 'i=0; while [ $i -lt 6000 ]; do i=$((i+1)); echo "line $i"; done; exec sleep 3600'
  const holds = realPod('holds', { script: 'trap "" TERM; while :; do sleep 1; done' })
  const lingers = {
    ...holds,
    metadata: { name: 'holds', finalizers: ['gatehouse.test/hold'] },
  }
  const absent = realPod('imageless', { script: 'true', container: { image: 'localhost/none:1' } })
  for (const pod of [realPod('talks', { script: talks }), greedy, shellless, lingers, absent])
    await createPod(cluster, namespace, pod as ReturnType<typeof realPod>)
  const person = await world.person(['operator'])
  operator = { person, api: gateway.as(person.token) }
  await Promise.all(['talks', 'shellless'].map((it) => cluster.waitForPod(namespace, it)))
})
afterAll(async () => {
  await world.cluster.api.call(`/api/v1/namespaces/${namespace}/pods/holds`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { metadata: { finalizers: null } },
  })
  await remove()
  await world.stop()
  await detour.stop()
})

// S1-F25, S1-F27
test('a cluster says which version it is when it answers, and is named when it does not', async () => {
  const { version } = await operator.api.kinds.list(place)
  expect(version).toMatch(/^v1\.36\.\d+/)
  const admin = await world.gateway.admin()
  const { cluster } = world
  const kubeconfig = adminKubeconfig({
    ...cluster,
    handle: { ...cluster.handle, address: detour.address, caPem: detour.caPem },
  })
  await admin.clusters.importContext({ kubeconfig, context: 'admin', id: 'far', name: 'Far' })
  const profile = (await admin.profiles.list({ clusterId: 'far' })).find(
    (it) => it.name === 'viewer',
  )
  const { id: personId } = operator.person
  await admin.grants.create({ personId, profileId: profile?.id ?? '', preset: 'viewer' })
  const far = { cluster: 'far', profile: 'viewer' }
  expect((await operator.api.objects.namespaces(far)).canList).toBe(true)
  await detour.stop()
  const began = performance.now()
  const failed = (call: Promise<unknown>) =>
    expect(call).rejects.toMatchObject({
      code: expect.stringMatching(/^(bad_gateway|gateway_timeout|unavailable)$/),
      message: expect.stringContaining('far'),
    })
  await failed(operator.api.objects.namespaces(far))
  await failed(operator.api.kinds.list(far))
  expect(performance.now() - began).toBeLessThan(20_000)
})

// S1-F33, S5-F41
test('a pod is told whole: where it is, since when, and of each container its image, limits and mounts', async () => {
  const ref = { ...place, ...core, resource: 'pods', namespace, name: 'shellless' }
  const { object } = await operator.api.objects.get(ref)
  expect(object).toMatchObject({
    metadata: { name: 'shellless', resourceVersion: expect.any(String) },
    spec: {
      nodeName: realNodeName,
      containers: [
        {
          name: 'main',
          image: busyboxImage,
          resources: { requests: { cpu: '10m' }, limits: { memory: '32Mi' } },
          volumeMounts: expect.arrayContaining([
            { name: 'bin', mountPath: '/bin', readOnly: true },
          ]),
        },
      ],
    },
    status: {
      phase: 'Running',
      startTime: expect.any(String),
      hostIP: expect.any(String),
      podIP: expect.any(String),
      containerStatuses: [{ name: 'main', ready: true, restartCount: 0 }],
    },
  })
})

// S5-F38
describe('the pods of a namespace', () => {
  const row = async (name: string, fits: (text: string) => boolean) => {
    const { rows } = await list(
      world.gateway,
      { token: operator.person.token, place },
      { resource: 'pods', namespaces: [namespace] },
      (it) => it.rows.some((one) => one.name === name && fits(JSON.stringify(one.cells))),
    )
    return rows.find((it) => it.name === name)
  }

  test('say which ran out of memory, and how often it was restarted', async () => {
    const out = await row(
      'greedy',
      (it) => it.includes('OOMKilled') && !it.includes('"restarts":0'),
    )
    expect(out?.tone).toBe('failed')
    expect(out?.cells['restarts']).toBeGreaterThan(0)
    expect(out?.cells['status']).toMatchObject({ reason: expect.stringContaining('OOMKilled') })
  })

  test('say which waits, and for what', async () => {
    const waiting = await row('imageless', (it) => it.includes('ErrImageNeverPull'))
    expect(waiting).toMatchObject({
      tone: 'failed',
      cells: { status: { text: 'ErrImageNeverPull', reason: expect.stringContaining('main') } },
    })
  })

  test('say which is on its way out', async () => {
    const path = `/api/v1/namespaces/${namespace}/pods/holds`
    await world.cluster.api.want(path, { method: 'DELETE' })
    expect(await row('holds', (it) => it.includes('Terminating'))).toMatchObject({ tone: 'ending' })
  })

  test('that nobody can enter say so to who tries, with the way that is left', async () => {
    const { address, caPem } = world.gateway
    const headers = { authorization: `Bearer ${operator.person.token}` }
    const stream = await openStream(
      { address, caPem, headers, name: 'terminal' },
      { ...place, namespace, pod: 'shellless', mode: 'exec' },
    )
    const exit = await stream.said('exit')
    expect(exit['reason']).toContain('no shell')
    expect(exit['reason']).toContain('debug container')
    stream.close()
  })
})

// S1-T14, S1-F34, S5-F39
test('lines of a log are bounded: 0 and 5001 are bad input, 1 and 5000 are handed out', async () => {
  const asked = { ...place, namespace, pod: 'talks' }
  await vi.waitUntil(
    async () => (await operator.api.logs.read({ ...asked, tail: 1 })).text === 'line 6000\n',
    { timeout: 30_000 },
  )
  const most = await operator.api.logs.read({ ...asked, tail: 5000 })
  expect(most.text.trimEnd().split('\n')).toHaveLength(5000)
  expect((await operator.api.logs.read(asked)).text.trimEnd().split('\n')).toHaveLength(100)
  for (const tail of [0, 5001])
    await expect(operator.api.logs.read({ ...asked, tail })).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { tail: expect.any(String) },
    })
  const dated = await operator.api.logs.read({ ...asked, tail: 2, timestamps: 'true' })
  expect(dated.text).toMatch(/^\d{4}-\d\d-\d\dT\S+ line 5999\n\d{4}-\d\d-\d\dT\S+ line 6000\n$/)
})
