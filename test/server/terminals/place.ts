import type { Preset } from '#gateway/grants.ts'
import type { GatewayOptions } from '../../support/gateway.ts'
import { createPod, realPod, type PodOptions } from '../../support/pods.ts'
import { openStream, type StreamAsk, type StreamClient } from '../../support/stream-client.ts'
import { openWorld, runKubectl, type TestPerson, type World } from '../../support/world.ts'

/** A gateway with a namespace of its own on the real node, and streams into it. */
export interface StreamPlace {
  readonly world: World
  readonly namespace: string
  pod(name: string, options: PodOptions, labels?: Readonly<Record<string, string>>): Promise<void>
  person(preset: Preset): Promise<TestPerson>
  /** How a device asks for a stream. */
  ask(name: StreamAsk['name'], person: TestPerson): StreamAsk
  open(name: StreamAsk['name'], person: TestPerson, input: object): Promise<StreamClient>
  /** Runs a script in a pod, past the gateway. */
  run(pod: string, script: string): Promise<void>
  /** What was recorded of a person’s streams, newest first. */
  events(person: TestPerson): Promise<readonly Recorded[]>
  stop(): Promise<void>
}

interface Recorded {
  readonly action: string
  readonly [more: string]: unknown
}

export async function openStreamPlace(
  prefix: string,
  options: GatewayOptions = {},
): Promise<StreamPlace> {
  const world = await openWorld(options)
  const { cluster, gateway } = world
  const made = await cluster.namespace(prefix)
  const { name: namespace } = made
  const ask = (name: StreamAsk['name'], { token }: TestPerson): StreamAsk => ({
    address: gateway.address,
    caPem: gateway.caPem,
    headers: { authorization: `Bearer ${token}` },
    name,
  })
  const presets = new Map<TestPerson, Preset>()
  return {
    world,
    namespace,
    async pod(name, options, labels = {}) {
      const pod = realPod(name, options)
      await createPod(cluster, namespace, {
        ...pod,
        metadata: { ...pod.metadata, labels } as never,
      })
    },
    async person(preset) {
      const person = await world.person([preset], { namespaces: [namespace] })
      presets.set(person, preset)
      return person
    },
    ask,
    open: (name, person, input) => {
      const place = { cluster: world.id, profile: presets.get(person), namespace }
      return openStream(ask(name, person), { ...place, ...input })
    },
    async run(pod, script) {
      const { parts, adminKubeconfig } = cluster.handle
      const words = ['--kubeconfig', adminKubeconfig, '-n', namespace, 'exec', pod, '--']
      const ran = await runKubectl(parts.kubectl, [...words, 'sh', '-c', script])
      if (ran.code !== 0) throw new Error(ran.stderr)
    },
    async events(person) {
      const admin = await gateway.admin()
      const { events } = await admin.events.list({ person: person.name })
      return events as unknown as readonly Recorded[]
    },
    async stop() {
      await made.remove()
      await world.stop()
    },
  }
}
