import { beforeEach, expect, test } from 'vitest'
import { DrawingPace } from '../../../renderer/data/drawing-pace.ts'

let time: number
let planned: { at: number; work: () => void }[]
let frames: ((took: number) => void)[]
let pace: DrawingPace
let asked: number[]

beforeEach(() => {
  time = 0
  planned = []
  frames = []
  asked = []
  pace = new DrawingPace({
    now: () => time,
    afterFrame: (done) => {
      frames.push(done)
      return () => (frames = frames.filter((it) => it !== done))
    },
    after: (milliseconds, work) => {
      const plan = { at: time + milliseconds, work }
      planned.push(plan)
      return () => (planned = planned.filter((it) => it !== plan))
    },
  })
})

/** A change that takes `script` to work out and `frame` to paint. */
async function change(script: number, frame: number): Promise<() => void> {
  const now = pace.drawn(
    () => (time += script),
    () => asked.push(time),
  )
  await Promise.resolve()
  time += frame
  for (const done of frames.splice(0)) done(frame)
  return now
}

function runUntil(end: number) {
  for (const { at, work } of planned.splice(0)) {
    time = Math.max(time, at)
    if (at <= end) work()
  }
}

test('what is drawn in no time is followed by more at once', async () => {
  await change(0, 0)
  expect(asked).toEqual([0])
  expect(planned).toEqual([])
})

test('what takes long to draw is followed by more once drawing is within its share again', async () => {
  await change(4, 2)
  expect(asked).toEqual([])
  runUntil(1000)
  expect(asked).toEqual([100])
})

test('several views share one budget, and none waits longer than somebody would look at old rows', async () => {
  await change(3, 0)
  await change(3, 0)
  expect(planned.map(({ at }) => Math.round(at))).toEqual([50, 100])
  await change(400, 100)
  expect(Math.round((planned.at(-1)?.at ?? 0) - time)).toBe(600)
})

test('who asks for something himself does not wait, and more is asked for once', async () => {
  const now = await change(4, 2)
  now()
  now()
  runUntil(1000)
  expect(asked).toEqual([6])
})
