import { randomBytes } from 'node:crypto'
import type { ClusterClient } from './cluster/client.ts'
import { busyboxImage } from './cluster/node-images.ts'
import { until } from './cluster/readiness.ts'
import { builtRenderer, fingerprintOf } from './homes.ts'
import { createPod, realPod } from './pods.ts'
import { openWire, type Wire } from './wire.ts'
import { adminKubeconfig, openWorld, type World } from './world.ts'

/** A gateway that serves the console as its source is now, and the networks on both of its sides. */
export interface StoryWorld extends World {
  /** What people type: the gateway at the far end of a wire. */
  readonly address: string
  readonly fingerprint: string
  /** The listener that only this machine reaches. */
  readonly nearAddress: string
  /** Between people and the gateway. */
  readonly wire: Wire
  /** Between the gateway and the cluster `far`, which is the same one by another way. */
  readonly farWire: Wire
  /** Gives somebody the profile `admin` of the cluster `far`. */
  grantFar(personId: string): Promise<void>
}

export async function openStoryWorld(): Promise<StoryWorld> {
  const [wire, farWire, renderer] = await Promise.all([openWire(), openWire(), builtRenderer()])
  const far = `127.0.0.1:${farWire.port}`
  const world = await openWorld({
    allow: [far],
    environment: {
      GATEHOUSE_CONSOLE_FOLDER: renderer,
      GATEHOUSE_CONSOLE_PORT: '0',
      GATEHOUSE_HOSTS: `127.0.0.1:${wire.port}`,
    },
  })
  const { cluster, gateway } = world
  const { hostname, port } = new URL(cluster.handle.address)
  farWire.lead({ host: hostname, port: Number(port) })
  wire.lead({ host: '127.0.0.1', port: gateway.port })
  const admin = await gateway.admin()
  await admin.clusters.importContext({
    kubeconfig: adminKubeconfig(cluster).replaceAll(cluster.handle.address, `https://${far}`),
    context: 'admin',
    id: 'far',
    name: 'The far cluster',
  })
  const profiles = await admin.profiles.list({ clusterId: 'far' })
  return {
    ...world,
    address: `https://127.0.0.1:${wire.port}`,
    fingerprint: await fingerprintOf(gateway.port),
    nearAddress: `http://127.0.0.1:${gateway.gateway.consolePort}`,
    wire,
    farWire,
    async grantFar(personId) {
      const profileId = profiles.find((it) => it.name === 'admin')?.id ?? ''
      await admin.grants.create({ personId, profileId, preset: 'admin' })
    },
    async stop() {
      await world.stop()
      await Promise.all([wire.stop(), farWire.stop()])
    },
  }
}

/** What the stories are about, in a namespace and on a node of their own. */
export interface Stage {
  readonly namespace: string
  /** Ends with code 7 after its last words, again and again. */
  readonly crasher: string
  /** Runs on the real node and serves `hello from the pod` at port 8080. */
  readonly shell: string
  /** Two replicas on `node`. */
  readonly deployment: string
  /** Runs on `node` too, and a budget of this name lets none of it go. */
  readonly guarded: string
  readonly node: string
  clear(): Promise<void>
}

export const lastWords = 'the ship is going down'

export async function setStage(cluster: ClusterClient, home: string): Promise<Stage> {
  const made = await cluster.namespace('story')
  const namespace = made.name
  const own = `${home}-${randomBytes(3).toString('hex')}`
  const node = `story-${own}`
  const [crasher, shell] = [`crasher-${own}`, `shell-${own}`]
  const [deployment, guarded] = [`shop-${own}`, `guarded-${own}`]
  const serve = 'cd /tmp; echo hello from the pod > index.html; exec httpd -f -p 8080 -h /tmp'
  await makeNode(cluster, node)
  await Promise.all([
    createPod(cluster, namespace, realPod(crasher, { script: `echo ${lastWords}; exit 7` })),
    createPod(cluster, namespace, realPod(shell, { script: serve, readyPort: 8080 })),
    makeDeployment(cluster, { namespace, name: deployment, node, replicas: 2 }),
    makeDeployment(cluster, { namespace, name: guarded, node, replicas: 1 }),
    cluster.api.want(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, {
      method: 'POST',
      body: {
        metadata: { name: guarded },
        spec: { minAvailable: 1, selector: { matchLabels: { app: guarded } } },
      },
    }),
  ])
  await cluster.waitForPod(namespace, shell)
  await cluster.waitForPod(
    namespace,
    crasher,
    'jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}=7',
  )
  return {
    namespace,
    crasher,
    shell,
    deployment,
    guarded,
    node,
    async clear() {
      await made.remove()
      await cluster.api.want(`/api/v1/nodes/${node}`, { method: 'DELETE' })
    },
  }
}

/** A simulated node that nobody else's pods come to. */
async function makeNode({ api }: ClusterClient, name: string): Promise<void> {
  const room = { cpu: '8', memory: '16Gi', pods: '100' }
  await api.want('/api/v1/nodes', {
    method: 'POST',
    body: {
      metadata: {
        name,
        labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
        annotations: { 'kwok.x-k8s.io/node': 'fake' },
      },
      spec: { taints: [{ key: 'gatehouse.test/story', effect: 'NoSchedule' }] },
      status: { allocatable: room, capacity: room },
    },
  })
}

interface DeploymentOptions {
  readonly namespace: string
  readonly name: string
  readonly node: string
  readonly replicas: number
}

async function makeDeployment({ api }: ClusterClient, options: DeploymentOptions): Promise<void> {
  const { namespace, name, node, replicas } = options
  const labels = { app: name }
  await api.want(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
    method: 'POST',
    body: {
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            nodeSelector: { 'kubernetes.io/hostname': node },
            tolerations: [{ key: 'gatehouse.test/story', operator: 'Exists' }],
            terminationGracePeriodSeconds: 0,
            containers: [{ name: 'main', image: busyboxImage }],
          },
        },
      },
    },
  })
  await rolledOut(api, namespace, name)
}

/** Until all its pods are as it says now, and none is left of before. */
export async function rolledOut(
  api: ClusterClient['api'],
  namespace: string,
  name: string,
): Promise<void> {
  await until({ what: `The deployment ${name}`, withinMs: 30_000, everyMs: 100 }, async () => {
    const { metadata, spec, status } = await readDeployment(api, namespace, name)
    const counts = [status?.replicas, status?.readyReplicas, status?.updatedReplicas]
    const isSeen = status?.observedGeneration === metadata.generation
    return (isSeen && counts.every((it) => it === spec.replicas)) || undefined
  })
}

export interface DeploymentShape {
  readonly metadata: {
    readonly generation: number
    readonly labels?: Record<string, string>
    readonly annotations?: Record<string, string>
  }
  readonly spec: {
    readonly replicas: number
    readonly template: {
      readonly metadata: { readonly annotations?: Record<string, string> }
      readonly spec: { readonly containers: readonly { readonly image: string }[] }
    }
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly readyReplicas?: number
    readonly updatedReplicas?: number
  }
}

export const readDeployment = (
  api: ClusterClient['api'],
  namespace: string,
  name: string,
): Promise<DeploymentShape> => api.want(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`)
