import { expect, test } from 'vitest'
import { factsByKind, type FactWords } from '../../../renderer/screens/drawer/facts-by-kind.ts'
import type { Shape } from '../../../renderer/screens/drawer/shape.ts'
import { english } from '../../../renderer/texts/en/catalogue.ts'

const words: FactWords = {
  share: (part, whole) => `${part} of ${whole}`,
  node: (port) => `node ${port}`,
  lasting: (seconds) => `for ${seconds} s`,
  more: (pods) => `${pods} more`,
  fewer: (pods) => `${pods} fewer`,
}
const at = '2026-11-22T08:00:00Z'
const told = new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

const factsOf = (kind: string, object: object) => {
  const [group = '', resource = ''] = kind.split('/')
  return Object.fromEntries(factsByKind({ group, resource }, object as Shape, words))
}

// S1-F33
test('a service tells its ports with where they lead, whom it selects and whether it keeps them', () => {
  const spec = {
    type: 'NodePort',
    clusterIP: '10.0.0.7',
    ports: [
      { name: 'http', port: 80, targetPort: 'web', nodePort: 30080, protocol: 'TCP' },
      { port: 53, targetPort: 53, protocol: 'UDP' },
    ],
    selector: { app: 'web', tier: 'front' },
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
  }
  expect(factsOf('/services', { spec })).toEqual({
    ports: 'http 80 → web/TCP (node 30080), 53/UDP',
    selector: 'app=web, tier=front',
    sessionAffinity: 'ClientIP, for 10800 s',
  })
  expect(factsOf('/services', { spec: { sessionAffinity: 'None' } })).toEqual({
    sessionAffinity: 'None',
  })
})

// S1-F33
test('a deployment tells its strategy and how many pods are ready, new and available', () => {
  const spec = {
    replicas: 4,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    selector: { matchLabels: { app: 'web' } },
  }
  const status = { replicas: 4, readyReplicas: 3, updatedReplicas: 2 }
  expect(factsOf('apps/deployments', { spec, status })).toEqual({
    strategy: 'RollingUpdate: 25% more, 0 fewer',
    ready: '3 of 4',
    updated: '2 of 4',
    available: '0 of 4',
    selector: 'app=web',
  })
})

// S1-F33
test('a job tells what it has done, what it does at once, and when', () => {
  const spec = { completions: 3, parallelism: 2 }
  const status = { succeeded: 1, active: 2, failed: 0, startTime: at }
  expect(factsOf('batch/jobs', { spec, status })).toEqual({
    completions: '1 of 3',
    parallelism: '2',
    active: '2',
    startTime: told,
  })
  const ended = { succeeded: 3, failed: 1, startTime: at, completionTime: at }
  expect(factsOf('batch/jobs', { spec, status: ended })).toMatchObject({
    failed: '1',
    completionTime: told,
  })
})

// S1-F33
test('a daemon set tells its counts, and a pod which node it is on and since when', () => {
  const spec = {
    updateStrategy: { type: 'OnDelete' },
    template: { spec: { nodeSelector: { disk: 'ssd' } } },
  }
  const status = { desiredNumberScheduled: 5, numberReady: 4, numberMisscheduled: 1 }
  expect(factsOf('apps/daemonsets', { spec, status })).toEqual({
    desired: '5',
    ready: '4 of 5',
    updated: '0 of 5',
    available: '0 of 5',
    misscheduled: '1',
    strategy: 'OnDelete',
    nodeSelector: 'disk=ssd',
  })
  const pod = { status: { hostIP: '10.0.0.1', podIP: '10.1.0.1', startTime: at } }
  expect(factsOf('/pods', pod)).toEqual({ hostIP: '10.0.0.1', startTime: told })
})

test('what is missing or of another shape tells nothing, and another group is another kind', () => {
  const odd = { spec: { ports: 'all', selector: [1], sessionAffinity: {} }, status: 7 }
  expect(factsOf('/services', odd)).toEqual({})
  expect(factsOf('/pods', { status: { startTime: 'soon' } })).toEqual({})
  expect(factsOf('serving.knative.dev/services', { spec: { sessionAffinity: 'None' } })).toEqual({})
  expect(factsOf('/constructor', {})).toEqual({})
})

test('every fact has a name on the screen', () => {
  const everything = { spec: { ports: [{ port: 1 }], selector: { a: 'b' } }, status: {} }
  const names = ['/services', 'apps/deployments', 'apps/daemonsets', 'batch/jobs'].flatMap((it) =>
    Object.keys(factsOf(it, everything)),
  )
  expect(names.length).toBeGreaterThan(8)
  for (const name of names) expect(english.drawer.fact).toHaveProperty(name)
})
