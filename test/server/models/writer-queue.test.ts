import { expect, test } from 'vitest'
import { WriterQueue } from '../../../server/models/writer-queue.ts'

test('writers go one at a time, in the order they came', async () => {
  const queue = new WriterQueue()
  const log: string[] = []
  const writer = (name: string) =>
    queue.run(async () => {
      log.push(`${name} in`)
      await new Promise(setImmediate)
      log.push(`${name} out`)
    })
  await Promise.all(['a', 'b', 'c'].map(writer))
  expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
})

test('one that fails lets the next in', async () => {
  const queue = new WriterQueue()
  const fails = queue.run(() => Promise.reject(new Error('no')))
  const works = queue.run(() => Promise.resolve('yes'))
  await expect(fails).rejects.toThrow('no')
  await expect(works).resolves.toBe('yes')
})

test('one that waits too long is told so, and the queue goes on without it', async () => {
  const queue = new WriterQueue(20)
  let end: () => void = () => undefined
  const hangs = queue.run(() => new Promise<void>((resolve) => (end = resolve)))
  await expect(queue.run(() => Promise.resolve())).rejects.toMatchObject({ code: 'unavailable' })
  end()
  await hangs
  await expect(queue.run(() => Promise.resolve('free'))).resolves.toBe('free')
})
