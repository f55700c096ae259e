import { expect, test } from 'vitest'
import { AppError } from '#gateway/errors.ts'
import type { KubernetesObject } from '#gateway/place.ts'
import { rebased } from '../../../renderer/data/editor/rebase.ts'
import { writeObject } from '../../../renderer/data/editor/write.ts'

const version = (resourceVersion: string, over: KubernetesObject = {}): KubernetesObject => ({
  kind: 'Deployment',
  metadata: { name: 'web', uid: 'u', resourceVersion, managedFields: [{ at: resourceVersion }] },
  spec: { replicas: 1 },
  status: { replicas: Number(resourceVersion) },
  ...over,
})
const mine = { ...version('1'), spec: { replicas: 3 } }

test('a newer status, owner or counter is taken over without a word', () => {
  expect(rebased(mine, version('1'), version('2'))).toMatchObject({
    metadata: { name: 'web', resourceVersion: '2' },
    spec: { replicas: 3 },
    status: { replicas: 2 },
  })
  const counted = { name: 'web', uid: 'u', resourceVersion: '2', generation: 4 }
  expect(rebased(mine, version('1'), version('2', { metadata: counted }))).toBeDefined()
})

test('what a person writes is never taken over: spec, labels, a status of their own', () => {
  const before = version('1')
  expect(rebased(mine, before, version('2', { spec: { replicas: 2 } }))).toBeUndefined()
  const labelled = { name: 'web', uid: 'u', resourceVersion: '2', labels: { a: 'b' } }
  expect(rebased(mine, before, version('2', { metadata: labelled }))).toBeUndefined()
  expect(rebased({ ...mine, status: { replicas: 9 } }, before, version('2'))).toBeUndefined()
})

/** A cluster that refuses each version but its own, and counts on before some of the writes. */
function cluster(newest: KubernetesObject[]) {
  const sent: KubernetesObject[] = []
  let now = newest.shift() ?? version('1')
  return {
    sent,
    replace: (object: KubernetesObject) => {
      sent.push(object)
      now = newest.shift() ?? now
      const of = (it: KubernetesObject) => Object(it['metadata']) as { resourceVersion?: unknown }
      if (of(object).resourceVersion !== of(now).resourceVersion)
        return Promise.reject(new AppError('conflict', 'changed meanwhile'))
      return Promise.resolve({ before: now, after: object })
    },
    read: () => Promise.resolve(now),
    base: () => version('1'),
  }
}

test('a status that changes meanwhile asks for no other review', async () => {
  const busy = cluster([version('1'), version('2'), version('3')])
  expect(await writeObject(busy, mine, true)).toMatchObject({
    type: 'reviewed',
    object: mine,
    after: { metadata: { resourceVersion: '3' }, spec: { replicas: 3 }, status: { replicas: 3 } },
  })
  expect(busy.sent).toHaveLength(3)
  expect(await writeObject(busy, mine, false)).toMatchObject({ type: 'saved' })
})

test('another change, and a status that never rests, are put together with one’s own', async () => {
  const other = version('2', { spec: { replicas: 2 } })
  expect(await writeObject(cluster([version('1'), other]), mine, false)).toEqual({
    type: 'newer',
    object: other,
  })
  const restless = cluster(Array.from({ length: 20 }, (_, at) => version(String(at + 1))))
  expect(await writeObject(restless, mine, false)).toMatchObject({ type: 'newer' })
  expect(restless.sent).toHaveLength(6)
})

test('one that was made anew, and any other refusal, is told as it is', async () => {
  const anew = version('2', { metadata: { name: 'web', uid: 'v', resourceVersion: '2' } })
  expect(await writeObject(cluster([version('1'), anew]), mine, false)).toMatchObject({
    type: 'failed',
    error: { code: 'conflict' },
  })
  const refusing = {
    ...cluster([]),
    replace: () => Promise.reject(new AppError('forbidden', 'no right')),
  }
  expect(await writeObject(refusing, mine, false)).toMatchObject({
    type: 'failed',
    error: { code: 'forbidden' },
  })
})
