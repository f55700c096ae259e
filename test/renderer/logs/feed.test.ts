import { expect, test } from 'vitest'
import { LogsInput } from '#gateway/streams.ts'
import { LogDesk } from '../../../renderer/data/logs/desk.ts'
import { LogFeed } from '../../../renderer/data/logs/feed.ts'
import type { StreamEars } from '../../../renderer/data/stream-messages.ts'

const input = LogsInput.parse({
  cluster: 'c',
  profile: 'p',
  namespace: 'n',
  pods: ['web'],
  tail: 100,
})

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000000Z`

/** The feed with its real desk beside it instead of in a worker; clock and gateway are played by hand. */
function stage() {
  const opened: { input: LogsInput; ears: StreamEars; sent: unknown[] }[] = []
  const timers: { at: number; work: () => void }[] = []
  let clock = 0
  let refresh = () => {}
  const feed = new LogFeed(input, {
    open: (asked, ears) => {
      const line = { input: asked, ears, sent: [] as unknown[] }
      opened.push(line)
      return {
        send: (it) => line.sent.push(it),
        sendBytes: () => undefined,
        close: () => undefined,
      }
    },
    desk: (hear) => {
      const desk = new LogDesk()
      refresh = () => hear(desk.update())
      return {
        send: (ask) => {
          for (const answer of desk.hear(ask)) hear(answer)
        },
        close: () => undefined,
      }
    },
    now: () => clock,
    after: (milliseconds, work) => {
      timers.push({ at: clock + milliseconds, work })
      return () => undefined
    },
  })
  const line = () => {
    const last = opened.at(-1)
    if (!last) throw new Error('nothing was opened')
    return last
  }
  const pass = (milliseconds: number) => {
    clock += milliseconds
    for (const timer of timers.splice(0)) {
      if (timer.at <= clock) timer.work()
      else timers.push(timer)
    }
  }
  const say = (...lines: [number, string][]) => {
    line().ears.message({ type: 'lines', lines: lines.map(([s, text]) => [0, at(s), text]) })
    refresh()
  }
  const begin = () => {
    line().ears.opened?.()
    line().ears.message({ type: 'source', source: 0, pod: 'web', container: 'app', status: 'open' })
  }
  return { feed, opened, line, pass, say, begin, refresh: () => refresh() }
}

test('lines are acknowledged to the stream that brought them', () => {
  const { begin, say, line } = stage()
  begin()
  say([1, 'one'], [2, 'two'])
  expect(line().sent).toEqual([{ type: 'ack', count: 2 }])
})

test('after a loss it goes on from where it was and shows each line once', () => {
  const { feed, begin, say, line, pass, opened } = stage()
  begin()
  say([1, 'one'], [2, 'two'])
  line().ears.closed(undefined)
  expect(feed.state().stream).toMatchObject({ status: 'lost', attempt: 1 })
  pass(2000)
  expect(opened).toHaveLength(2)
  expect(line().input).toMatchObject({ sinceSeconds: 22 })
  expect(line().input.tail).toBeUndefined()
  begin()
  say([1, 'one'], [2, 'two'], [3, 'three'])
  expect(feed.state().stream.status).toBe('open')
  expect(feed.state().desk).toMatchObject({ lines: 4, sources: [{ lines: 3 }] })
})

test('a refusal is shown and not tried again', () => {
  const { feed, line, pass, opened } = stage()
  line().ears.closed('no', { code: 'forbidden', message: 'no' })
  pass(60_000)
  expect(feed.state().stream).toMatchObject({ status: 'closed', error: { code: 'forbidden' } })
  expect(opened).toHaveLength(1)
})

test('a log that is told whole is no lost connection', () => {
  const { feed, begin, line, refresh } = stage()
  begin()
  line().ears.message({ type: 'end' })
  // The worker’s word comes when the stream has closed already.
  line().ears.closed(undefined)
  refresh()
  expect(feed.state().stream.status).toBe('whole')
})

test('another question begins with no lines, and the old stream is not heard any more', () => {
  const { feed, begin, say, line } = stage()
  begin()
  say([1, 'one'])
  const old = line()
  feed.ask({ ...input, previous: true })
  old.ears.message({ type: 'lines', lines: [[0, at(5), 'late']] })
  begin()
  say([2, 'two'])
  expect(feed.state().desk?.lines).toBe(1)
  expect(line().input.previous).toBe(true)
})
