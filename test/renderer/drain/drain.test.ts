import { expect, test } from 'vitest'
import {
  DrainRun,
  type DrainParts,
  type DrainPod,
} from '../../../renderer/screens/drain/drain-run.ts'
import { AppError } from '#gateway/errors.ts'

const pods = (count: number): DrainPod[] =>
  Array.from({ length: count }, (_, at) => ({
    namespace: 'n',
    name: `p${at}`,
    uid: `u${at}`,
    action: 'evict',
  }))

/** Answers are given by hand, so that every moment between can be looked at. */
function stage(count: number, parts: Partial<DrainParts> = {}) {
  const asked: {
    pod: DrainPod
    answer: (it: Awaited<ReturnType<DrainParts['evict']>>) => void
    fail: (error: unknown) => void
  }[] = []
  const timers: { delay: number; work: () => void; off: boolean }[] = []
  const run = new DrainRun(pods(count), {
    cordon: () => Promise.resolve(),
    evict: (pod) =>
      new Promise((answer, fail) => {
        asked.push({ pod, answer, fail })
      }),
    now: () => 0,
    after: (delay, work) => {
      const timer = { delay, work, off: false }
      timers.push(timer)
      return () => {
        timer.off = true
      }
    },
    ...parts,
  })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return { run, asked, timers, settled }
}

test('a few pods at a time are evicted, and the drain ends when all are', async () => {
  const { run, asked, settled } = stage(7)
  await settled()
  expect(asked).toHaveLength(5)
  for (let at = 0; at < 7; at += 1) {
    asked[at]?.answer({ status: at % 2 ? 'gone' : 'evicted' })
    await settled()
  }
  expect(asked).toHaveLength(7)
  expect(run.state().status).toBe('drained')
})

test('a pod that a budget holds is tried again later and later, its reason shown meanwhile', async () => {
  const { run, asked, timers, settled } = stage(1)
  await settled()
  const blocked = { status: 'blocked', reason: 'budget web-pdb', retryAfter: 10 } as const
  asked[0]?.answer(blocked)
  await settled()
  expect(run.state().pods.get('u0')).toMatchObject({
    status: 'blocked',
    reason: 'budget web-pdb',
    againAt: 10_000,
  })
  timers[0]?.work()
  asked[1]?.answer(blocked)
  await settled()
  expect(timers.map(({ delay }) => delay)).toEqual([10_000, 15_000])
  timers[1]?.work()
  asked[2]?.answer({ status: 'evicted' })
  await settled()
  expect(run.state().status).toBe('drained')
})

test('a stopped drain asks for nothing more', async () => {
  const { run, asked, timers, settled } = stage(8)
  await settled()
  asked[0]?.answer({ status: 'blocked', reason: 'x', retryAfter: 1 })
  await settled()
  run.stop()
  expect(timers.every(({ off }) => off)).toBe(true)
  const before = asked.length
  for (const it of asked.slice(1)) it.answer({ status: 'evicted' })
  await settled()
  expect(asked).toHaveLength(before)
  expect(run.state().status).toBe('stopped')
})

test('a pod that refuses is told with why, and the others go on', async () => {
  const { run, asked, settled } = stage(2)
  await settled()
  asked[0]?.fail(new AppError('forbidden', 'no right'))
  asked[1]?.answer({ status: 'evicted' })
  await settled()
  expect(run.state()).toMatchObject({ status: 'drained' })
  expect(run.state().pods.get('u0')).toEqual({ status: 'failed', reason: 'no right' })
})

test('nothing is evicted from a node that could not be cordoned', async () => {
  const { run, asked, settled } = stage(2, {
    cordon: () => Promise.reject(new AppError('forbidden', 'no')),
  })
  await settled()
  expect(asked).toHaveLength(0)
  expect(run.state()).toMatchObject({ status: 'failed', reason: 'no' })
})
