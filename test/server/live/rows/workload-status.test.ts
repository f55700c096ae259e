import { expect, test } from 'vitest'
import { modelOf } from '../../../../server/live/rows/models.ts'
import { rowOf } from '../../../../server/live/rows/row.ts'

interface Parts {
  readonly spec?: object
  readonly status: object
}

function statusOf(resource: string, { spec = { replicas: 3 }, status }: Parts) {
  const model = modelOf({ group: 'apps', version: 'v1', resource })
  if (!model) throw new Error('there is no model')
  const metadata = { uid: 'u', name: 'it', generation: 2 }
  const { tone, cells } = rowOf(model, {
    metadata,
    spec,
    status: { observedGeneration: 2, ...status },
  })
  const cell = cells.find((it) => typeof it === 'object' && it !== null)
  return [tone, cell]
}

const short = (text: string) => ['warning', { text: 'Not ready', tone: 'warning', reason: text }]
const moving = (text: string) => ['progress', { text: 'Scaling', tone: 'progress', reason: text }]

test('a StatefulSet whose pods are all made and not ready is a warning, unless they are being replaced', () => {
  const made = { replicas: 3, readyReplicas: 1, updatedReplicas: 3 }
  const same = { currentRevision: 'a', updateRevision: 'a' }
  expect(statusOf('statefulsets', { status: { ...made, ...same } })).toEqual(
    short('1 of 3 are ready'),
  )
  const rolling = { ...made, currentRevision: 'a', updateRevision: 'b' }
  expect(statusOf('statefulsets', { status: rolling })).toEqual(moving('1 of 3 are ready'))
  expect(statusOf('statefulsets', { status: { ...made, ...same, replicas: 2 } })).toEqual(
    moving('1 of 3 are ready'),
  )
  const unseen = { ...made, ...same, observedGeneration: 1 }
  expect(statusOf('statefulsets', { status: unseen })).toEqual(moving('1 of 3 are ready'))
  const all = { ...made, ...same, readyReplicas: 3 }
  expect(statusOf('statefulsets', { status: all })[0]).toBe('ok')
})

test('a DaemonSet that is placed everywhere and not ready is a warning, unless it is being updated', () => {
  const placed = {
    desiredNumberScheduled: 4,
    currentNumberScheduled: 4,
    updatedNumberScheduled: 4,
    numberReady: 3,
    numberAvailable: 3,
  }
  const of = (status: object) => statusOf('daemonsets', { spec: {}, status })
  expect(of(placed)).toEqual(short('3 of 4 are ready'))
  expect(of({ ...placed, updatedNumberScheduled: 2 })).toEqual(moving('3 of 4 are ready'))
  expect(of({ ...placed, currentNumberScheduled: 3 })).toEqual(moving('3 of 4 are ready'))
  expect(of({ ...placed, numberReady: 4, numberAvailable: 4 })[0]).toBe('ok')
})

test('a Deployment that had arrived and lost pods is a warning, one on its way is not', () => {
  const made = { replicas: 3, updatedReplicas: 3, availableReplicas: 2 }
  const progressing = (reason: string) => [{ type: 'Progressing', status: 'True', reason }]
  const of = (status: object) => statusOf('deployments', { status })
  expect(of({ ...made, conditions: progressing('NewReplicaSetAvailable') })).toEqual(
    short('2 of 3 are available'),
  )
  expect(of({ ...made, conditions: progressing('ReplicaSetUpdated') })).toEqual(
    moving('2 of 3 are available'),
  )
  const rolling = { ...made, updatedReplicas: 1 }
  expect(of({ ...rolling, conditions: progressing('NewReplicaSetAvailable') })).toEqual(
    moving('2 of 3 are available'),
  )
})
