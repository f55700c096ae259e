import { expect, test } from 'vitest'
import { hasRestarted, podHasRestarted } from '../../../renderer/data/logs/restarted.ts'

test('a container has a life before when it was restarted, or waits to be', () => {
  expect(hasRestarted({ restartCount: 1 })).toBe(true)
  expect(hasRestarted({ restartCount: 0, lastState: { terminated: { exitCode: 7 } } })).toBe(true)
  expect(hasRestarted({ restartCount: 0, lastState: {} })).toBe(false)
  expect(hasRestarted(undefined)).toBe(false)
})

test('a pod is asked for all of its containers, or for the one that is named', () => {
  const pod = {
    status: {
      initContainerStatuses: [{ name: 'setup', restartCount: 2 }],
      containerStatuses: [{ name: 'web', restartCount: 0 }],
    },
  }
  expect(podHasRestarted(pod)).toBe(true)
  expect(podHasRestarted(pod, 'setup')).toBe(true)
  expect(podHasRestarted(pod, 'web')).toBe(false)
  expect(podHasRestarted({ status: { containerStatuses: 'strange' } })).toBe(false)
})
