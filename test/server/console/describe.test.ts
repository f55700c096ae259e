import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Relation } from '#gateway/objects.ts'
import { busyboxImage } from '../../support/cluster/node-images.ts'
import { simulatedNode } from '../../support/cluster/kwok.ts'
import { realPod } from '../../support/pods.ts'
import { openDesk, type Clerk, type Desk } from './desk.ts'

let desk: Desk
let clerk: Clerk

beforeAll(async () => {
  desk = await openDesk()
  clerk = await desk.clerk('viewer')
  await Promise.all([...failing(), ...shop()].map(([path, body]) => desk.make(at(path), body)))
})
afterAll(() => desk.stop())

const at = (path: string) => {
  const [group = '', resource = ''] = path.split(':')
  const root = group === '' ? '/api/v1' : `/apis/${group}`
  return `${root}/namespaces/${desk.namespace}/${resource}`
}

type Made = readonly [path: string, body: unknown]

const shell = { image: busyboxImage, imagePullPolicy: 'Never' }

/** One pod for each way to fail, on the node that has a kubelet. */
const failing = (): Made[] => [
  [':pods', realPod('crashing', { script: 'echo no database >&2; exit 3', container: fallback })],
  [':pods', unplaceable('nowhere')],
  [':pods', realPod('imageless', { script: 'true', container: { image: 'localhost/none:1' } })],
  [
    ':pods',
    realPod('unset', {
      script: 'sleep 3600',
      container: { envFrom: [{ secretRef: { name: 'no-such-password' } }] },
    }),
  ],
  [':pods', realPod('deaf', { script: 'sleep 3600', readyPort: 9 })],
]

const fallback = { terminationMessagePolicy: 'FallbackToLogsOnError' }

const unplaceable = (name: string) => ({
  metadata: { name },
  spec: { nodeSelector: { no: 'such-node' }, containers: [{ name: 'main', ...shell }] },
})

const labels = { app: 'shop' }
const template = {
  metadata: { labels },
  spec: {
    nodeSelector: simulatedNode,
    serviceAccountName: 'default',
    containers: [
      { name: 'main', image: 'simulated', envFrom: [{ configMapRef: { name: 'settings' } }] },
    ],
    volumes: [
      { name: 'tls', secret: { secretName: 'shop-tls' } },
      { name: 'disk', persistentVolumeClaim: { claimName: 'disk' } },
    ],
  },
}
const rule = (service: string) => ({
  path: `/${service}`,
  pathType: 'Prefix',
  backend: { service: { name: service, port: { number: 80 } } },
})

const shop = (): Made[] => [
  [':configmaps', { metadata: { name: 'settings' }, data: { a: 'b' } }],
  [':secrets', { metadata: { name: 'shop-tls' }, stringData: { key: 'very secret' } }],
  [
    ':persistentvolumeclaims',
    {
      metadata: { name: 'disk' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'no-such-class',
        resources: { requests: { storage: '1Gi' } },
      },
    },
  ],
  [
    'apps/v1:deployments',
    {
      metadata: { name: 'shop' },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    },
  ],
  [':services', { metadata: { name: 'shop' }, spec: { selector: labels, ports: [{ port: 80 }] } }],
  [
    ':services',
    { metadata: { name: 'lonely' }, spec: { selector: { app: 'none' }, ports: [{ port: 80 }] } },
  ],
  [
    'networking.k8s.io/v1:ingresses',
    {
      metadata: { name: 'front' },
      spec: {
        rules: [{ http: { paths: [rule('shop'), rule('no-such-service')] } }],
        tls: [{ hosts: ['shop.example.org'], secretName: 'shop-tls' }],
      },
    },
  ],
]

const pods = { group: '', version: 'v1', resource: 'pods' } as const
const nodes = { group: '', version: 'v1', resource: 'nodes' } as const
const wait = (what: string, until: string) =>
  desk.world.cluster.kubectlOutput([
    '-n',
    desk.namespace,
    'wait',
    what,
    `--for=${until}`,
    '--timeout=60s',
  ])
const isWaiting = (reason: string) =>
  `jsonpath={.status.containerStatuses[0].state.waiting.reason}=${reason}`

/** Waits for an event. */
const happened = (selector: string) =>
  vi.waitUntil(
    async () => {
      const path = `${at(':events')}?fieldSelector=${encodeURIComponent(selector)}`
      const { items } = await desk.world.cluster.api.want<{ items: unknown[] }>(path)
      return items.length > 0
    },
    { timeout: 30_000, interval: 200 },
  )

interface Kind {
  readonly group: string
  readonly version: string
  readonly resource: string
}

const described = (kind: Kind, name: string, by = clerk) =>
  by.api.objects.describe({ ...by.place, ...kind, namespace: desk.namespace, name })

const named = (relations: readonly Relation[], relation: Relation['relation']) =>
  relations.filter((it) => it.relation === relation).map((it) => `${it.kind}/${it.name}`)

describe('a pod', () => {
  test('that crashes says how it ended and what it said last', async () => {
    // Between two attempts the kubelet says that it ended, or that it waits; during one, that it runs.
    const { status, tone, reasons } = await vi.waitUntil(
      async () => {
        const answer = await described(pods, 'crashing')
        return answer.reasons[0]?.title.includes('crashing') && answer
      },
      { timeout: 30_000, interval: 200 },
    )
    expect(tone).toBe('failed')
    expect(status).toMatch(/^(Error|CrashLoopBackOff)$/)
    expect(reasons[0]).toMatchObject({ title: 'main keeps crashing', about: 'main' })
    expect(reasons[0]?.detail).toMatch(/Error, exit code 3: no database/)
  })

  test('that no node takes says what the scheduler looked for', async () => {
    await wait('pod/nowhere', 'condition=PodScheduled=False')
    const { tone, status, reasons } = await described(pods, 'nowhere')
    expect([tone, status]).toEqual(['warning', 'Pending'])
    expect(reasons[0]).toMatchObject({ title: 'No node can take this pod' })
    expect(reasons[0]?.detail).toMatch(/nodes are available.*selector/)
  })

  test('whose image is not there names the image', async () => {
    await wait('pod/imageless', isWaiting('ErrImageNeverPull'))
    const { status, reasons } = await described(pods, 'imageless')
    expect(status).toBe('ErrImageNeverPull')
    expect(reasons[0]).toMatchObject({ title: 'The image of main cannot be pulled' })
    expect(reasons[0]?.detail).toContain('localhost/none:1')
  })

  test('that lacks a Secret names it', async () => {
    await wait('pod/unset', isWaiting('CreateContainerConfigError'))
    const { reasons, relations } = await described(pods, 'unset')
    expect(reasons[0]).toMatchObject({ title: 'The Secret no-such-password is missing' })
    expect(named(relations, 'uses')).toContain('Secret/no-such-password')
  })

  test('that runs and does not answer shows its probe', async () => {
    await wait('pod/deaf', 'jsonpath={.status.phase}=Running')
    await happened('reason=Unhealthy,involvedObject.name=deaf')
    const { tone, reasons } = await described(pods, 'deaf')
    expect(tone).toBe('warning')
    expect(reasons[0]).toMatchObject({ title: 'main is not ready' })
    expect(reasons[0]?.detail).toMatch(/Readiness probe failed/)
  })
})

describe('what an object belongs to', () => {
  const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }

  test('leads from a Deployment down to its pods, and to what those use', async () => {
    await wait('deployment/shop', 'jsonpath={.status.replicas}=1')
    const { relations, unseen } = await described(deployments, 'shop')
    expect(named(relations, 'child')).toEqual([
      expect.stringMatching(/^Pod\/shop-/),
      expect.stringMatching(/^ReplicaSet\/shop-/),
    ])
    expect(named(relations, 'uses').toSorted()).toEqual([
      'ConfigMap/settings',
      'PersistentVolumeClaim/disk',
      'Secret/shop-tls',
      'ServiceAccount/default',
    ])
    expect(named(relations, 'selected by')).toEqual(['Service/shop'])
    expect(unseen).toEqual([])
  })

  test('leads from a pod up to its Deployment', async () => {
    const { relations } = await described(deployments, 'shop')
    const pod = relations.find((it) => it.kind === 'Pod')?.name ?? ''
    const up = await described(pods, pod)
    expect(named(up.relations, 'owner').toSorted()).toEqual([
      'Deployment/shop',
      expect.stringMatching(/^ReplicaSet\/shop-/),
    ])
    expect(up.relations.find((it) => it.kind === 'Deployment')?.status).toBe('Scaling')
  })

  test('leads from an Ingress through its Services to pods, and names those that are missing', async () => {
    const ingresses = { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' }
    const { relations, reasons } = await described(ingresses, 'front')
    expect(named(relations, 'uses').toSorted()).toEqual([
      'Secret/shop-tls',
      'Service/no-such-service',
      'Service/shop',
    ])
    expect(named(relations, 'selects')).toEqual([expect.stringMatching(/^Pod\/shop-/)])
    expect(reasons[0]).toMatchObject({
      tone: 'failed',
      title: 'The Service no-such-service does not exist',
    })
  })

  test('tells of a Service that nothing stands behind', async () => {
    const services = { group: '', version: 'v1', resource: 'services' }
    const { tone, reasons } = await described(services, 'lonely')
    expect(tone).toBe('failed')
    expect(reasons[0]?.detail).toBe('No running pod has the labels app=none')
    const { relations } = await described(services, 'shop')
    expect(named(relations, 'used by')).toEqual(['Ingress/front'])
  })

  test('tells who uses a claim, and why it is not bound', async () => {
    const claims = { group: '', version: 'v1', resource: 'persistentvolumeclaims' }
    await happened('reason=ProvisioningFailed')
    const { status, reasons, relations } = await described(claims, 'disk')
    expect(status).toBe('Pending')
    expect(reasons[0]?.detail).toContain('"no-such-class" not found')
    expect(named(relations, 'used by')).toEqual([expect.stringMatching(/^Pod\/shop-/)])
  })
})

describe('very many relations', () => {
  const using = (count: number) => {
    const envFrom = Array.from({ length: count }, (_, at) => ({ configMapRef: { name: `c${at}` } }))
    const container = { name: 'main', ...shell, envFrom }
    return { spec: { nodeSelector: { no: 'such-node' }, containers: [container] } }
  }

  test('are cut short, which is said', async () => {
    await desk.make(at(':pods'), { metadata: { name: 'greedy' }, ...using(230) })
    await desk.make(at(':pods'), { metadata: { name: 'modest' }, ...using(100) })
    const cut = await described(pods, 'greedy')
    expect(cut.relations).toHaveLength(200)
    expect(cut.truncated).toBe(true)
    const whole = await described(pods, 'modest')
    expect(whole.relations.length).toBeGreaterThan(100)
    expect(whole).not.toHaveProperty('truncated')
  })
})

describe('what may not be seen', () => {
  test('is named and not guessed at, and leaves no refusal on record', async () => {
    const narrow = await desk.clerk('viewer', { namespaces: [desk.namespace] })
    const { relations, unseen } = await described(pods, 'crashing', narrow)
    expect(relations).toContainEqual(expect.objectContaining({ relation: 'runs on', kind: 'Node' }))
    expect(unseen).toEqual([])
    const [read] = await desk.records(narrow, 'objects.describe')
    expect(read).toMatchObject({ result: 'allowed', resource: 'pods', name: 'crashing' })
    const elsewhere = narrow.api.objects.describe({ ...narrow.place, ...nodes, name: 'real-1' })
    await expect(elsewhere).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('is never the value of a Secret', async () => {
    const boss = await desk.clerk('admin')
    const answer = await described(
      { group: '', version: 'v1', resource: 'secrets' },
      'shop-tls',
      boss,
    )
    expect(named(answer.relations, 'used by').toSorted()).toEqual([
      'Ingress/front',
      expect.stringMatching(/^Pod\/shop-/),
    ])
    const text = JSON.stringify(answer)
    expect(text).not.toContain('very secret')
    expect(text).not.toContain(Buffer.from('very secret').toString('base64'))
  })
})
