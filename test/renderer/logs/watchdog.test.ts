import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test, vi } from 'vitest'
import { LogsInput } from '#gateway/streams.ts'
import { LogFeed } from '../../../renderer/data/logs/feed.ts'
import type { DeskAnswer } from '../../../renderer/data/logs/messages.ts'
import type { StreamEars } from '../../../renderer/data/stream-messages.ts'

const input = LogsInput.parse({ cluster: 'c', profile: 'p', namespace: 'n', pods: ['web'] })
const deskUrl = new URL('../../../renderer/data/logs/desk.ts', import.meta.url).href
const program = `
import { parentPort } from 'node:worker_threads'
const { LogDesk } = await import(${JSON.stringify(deskUrl)})
const desk = new LogDesk()
parentPort.on('message', (ask) => {
  for (const answer of desk.hear(ask)) parentPort.postMessage(answer)
})
parentPort.postMessage('ready')
`

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()))
})

/** A feed before the real desk in a real thread; what it waits passes twenty times as fast. */
function stage(hurry = (milliseconds: number) => milliseconds / 20) {
  const workers: Worker[] = []
  const opened: StreamEars[] = []
  const feed = new LogFeed(input, {
    open: (_, ears) => {
      opened.push(ears)
      return { send: () => undefined, sendBytes: () => undefined, close: () => undefined }
    },
    desk: (hear) => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`))
      const end = once(worker, 'exit')
      const ready = new Promise<void>((resolve) => {
        worker.on('message', (answer: DeskAnswer | 'ready') => {
          if (answer === 'ready') resolve()
          else hear(answer)
        })
      })
      workers.push(worker)
      ends.push(() => worker.terminate())
      return {
        send: (ask) => void ready.then(() => worker.postMessage(ask)),
        close: () => void worker.terminate().then(() => end),
      }
    },
    now: Date.now,
    after: (milliseconds, work) => {
      const timer = setTimeout(work, hurry(milliseconds))
      return () => clearTimeout(timer)
    },
  })
  ends.push(async () => feed.close())
  const say = (text: string) => {
    const ears = opened.at(-1)
    ears?.opened?.()
    ears?.message({ type: 'source', source: 0, pod: 'web', container: 'app', status: 'open' })
    ears?.message({ type: 'lines', lines: [[0, '2026-01-01T00:00:01.000000000Z', text]] })
  }
  const filter = (text: string) => {
    const query = { text, pattern: true, matchCase: false }
    feed.filter({ query, invert: false, context: 0, level: 0, hidden: [] })
  }
  const texts = () => feed.state().rows.map(({ spans }) => spans.map(({ text }) => text).join(''))
  feed.window({ from: 'end', count: 10, fold: false, opened: [] })
  return { feed, workers, opened, say, filter, texts }
}

test('a pattern that takes for ever ends its worker, and the lines come again without it', async () => {
  const { feed, workers, opened, say, filter, texts } = stage()
  say(`${'a'.repeat(60)}!`)
  const [first] = workers
  const gone = first && once(first, 'exit')
  filter('(a+)+$')
  await vi.waitUntil(() => feed.state().slow, { timeout: 30_000 })
  await gone
  expect([workers.length, opened.length]).toEqual([2, 2])
  say(`${'a'.repeat(60)}!`)
  feed.window({ from: 'end', count: 11, fold: false, opened: [] })
  await vi.waitUntil(() => texts().length > 0, { timeout: 30_000 })
  expect(texts()).toEqual([`${'a'.repeat(60)}!`])
  filter('a')
  expect(feed.state().slow).toBeUndefined()
})

test('whoever saves the lines of a worker that was ended hears that they are gone', async () => {
  const { feed, say, filter } = stage()
  say(`${'a'.repeat(60)}!`)
  filter('(a+)+$')
  const saved = feed.parts('all', false).next()
  await expect(saved).rejects.toThrow('no longer there')
})

test('a pattern that ends keeps its worker, however often it is asked', async () => {
  // Only the questions follow each other faster: the answers of a busy machine have their time.
  const { feed, workers, say, filter, texts } = stage((it) => (it < 5_000 ? it / 20 : it))
  let heard = 0
  workers[0]?.on('message', (it: DeskAnswer) => (heard += it.type === 'pong' ? 1 : 0))
  say('a line')
  filter('^a l')
  await vi.waitUntil(() => heard > 3, { timeout: 30_000 })
  expect(texts()).toEqual(['a line'])
  expect([workers.length, feed.state().slow]).toEqual([1, undefined])
})
