import { expect, test } from 'vitest'
import { describeObject, ReadFailure, statusOf } from '../../../server/live/describe/index.ts'

const metadata = { name: 'x', namespace: 'shop', uid: 'u1', resourceVersion: '1' }
const pods = { group: '', version: 'v1', resource: 'pods' }
const nodes = { group: '', version: 'v1', resource: 'nodes' }
const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }
const shops = { group: 'example.org', version: 'v1', resource: 'shops' }
const condition = (type: string, status: string, reason = '', message = '') => ({
  type,
  status,
  reason,
  message,
})

const killed = { exitCode: 137, reason: 'OOMKilled' }
const pod = (status: object, container: object = {}) => ({
  metadata,
  spec: { containers: [{ name: 'main', ...container }] },
  status,
})

test('a container that ran out of memory is said so, with its limit', () => {
  const object = pod(
    {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'main',
          restartCount: 4,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 1m20s' } },
          lastState: { terminated: killed },
        },
      ],
    },
    { resources: { limits: { memory: '64Mi' } } },
  )
  const { status, tone, reasons } = describeObject({ kind: pods, object })
  expect([status, tone]).toEqual(['CrashLoopBackOff', 'failed'])
  expect(reasons[0]?.title).toBe('main runs out of memory')
  expect(reasons[0]?.detail).toContain('OOMKilled, exit code 137')
  expect(reasons[0]?.detail).toContain('Its memory limit is 64Mi')
})

test('a container that ended again after a restart keeps crashing, also while it is not said to wait', () => {
  const object = pod({
    phase: 'Running',
    containerStatuses: [
      { name: 'main', restartCount: 1, state: { terminated: { exitCode: 3, reason: 'Error' } } },
    ],
  })
  const { status, tone, reasons } = describeObject({ kind: pods, object })
  expect([status, tone]).toEqual(['Error', 'failed'])
  expect(reasons[0]?.title).toBe('main keeps crashing')
  expect(reasons[0]?.detail).toBe('Last time: Error, exit code 3\nRestarted once')
})

test('a container that was killed once and is well again is no failure', () => {
  const object = pod({
    phase: 'Running',
    conditions: [condition('Ready', 'True')],
    containerStatuses: [
      {
        name: 'main',
        ready: true,
        restartCount: 1,
        state: { running: {} },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      },
    ],
  })
  const { status, tone, reasons } = describeObject({ kind: pods, object })
  expect([status, tone]).toEqual(['Running', 'ok'])
  expect(reasons).toEqual([expect.objectContaining({ tone: 'done' })])
})

test('a Deployment whose pods a quota forbids says which, and what its pods lack', () => {
  const message = 'pods "x-1" is forbidden: exceeded quota: few, requested: pods=1'
  const failing = pod({
    phase: 'Pending',
    containerStatuses: [
      {
        name: 'main',
        state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "a:1"' } },
      },
    ],
  })
  const object = {
    metadata,
    spec: { replicas: 3 },
    status: { conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', message)] },
  }
  const { status, tone, reasons } = describeObject({
    kind: deployments,
    object,
    related: { pods: [failing, failing] },
  })
  expect([status, tone]).toEqual(['Stalled', 'failed'])
  expect(reasons.map((it) => it.title)).toEqual([
    'A quota is used up',
    '2 pods are ImagePullBackOff',
  ])
  expect(reasons[0]?.detail).toBe(message)
  expect(reasons[1]?.detail).toContain('image "a:1"')
})

test('a node names its pressure, its cordon and its silence, the worst first', () => {
  const object = {
    metadata,
    spec: { unschedulable: true },
    status: {
      conditions: [
        condition('DiskPressure', 'True', 'KubeletHasDiskPressure', 'disk is nearly full'),
        condition('Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.'),
      ],
    },
  }
  const { status, tone, reasons } = describeObject({ kind: nodes, object })
  expect([status, tone]).toEqual(['NotReady,SchedulingDisabled', 'failed'])
  expect(reasons.map((it) => [it.tone, it.title])).toEqual([
    ['failed', 'Does not answer'],
    ['warning', 'Little disk is left'],
    ['warning', 'Taken out of scheduling'],
  ])
})

test.each([
  [[condition('Ready', 'True')], 'Ready', 'ok', []],
  [[condition('Ready', 'False', 'NoDisk', 'full')], 'Not Ready', 'failed', ['NoDisk: full']],
  [[condition('Degraded', 'True', 'Slow', '')], '', 'failed', ['Slow']],
  [[condition('Degraded', 'False')], '', 'ok', []],
  [[condition('Ready', 'Unknown', '', 'wait')], 'Ready unknown', 'progress', ['wait']],
])('a custom resource with %j is “%s”', (conditions, text, tone, details) => {
  const object = { metadata, status: { conditions } }
  const described = describeObject({ kind: shops, object })
  expect([described.status, described.tone]).toEqual([text, tone])
  expect(described.reasons.map((it) => it.detail)).toEqual(details)
})

test('an object that has not the shape of its kind is refused, whatever it holds', () => {
  const odd: unknown[] = [7, 'x', {}, [], [null], [[]], { length: 3 }]
  for (const value of odd) {
    for (const field of ['conditions', 'containerStatuses', 'initContainerStatuses', 'phase']) {
      try {
        describeObject({ kind: pods, object: pod({ [field]: value }) })
        describeObject({ kind: shops, object: { metadata, status: { [field]: value } } })
      } catch (error) {
        expect(error).toBeInstanceOf(ReadFailure)
      }
    }
  }
  expect(() => statusOf(pods, { status: 'gone' })).toThrow(ReadFailure)
  expect(statusOf(shops, {})).toMatchObject({ tone: 'ok', text: '' })
})
