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

const { tail: _, ...asked } = input

const start = Date.parse('2026-01-01T00:00:00Z')
const at = (second: number) => new Date(start + second * 1000).toISOString()

/** The feed with its real desk beside it instead of in a worker; clock and gateway are played by hand. */
function stage() {
  const opened: { input: LogsInput; ears: StreamEars; sent: unknown[] }[] = []
  const timers: { at: number; work: () => void }[] = []
  let clock = start
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
      const desk = new LogDesk(undefined, () => clock)
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
  const say = (...lines: [second: number, text: string, source?: number][]) => {
    const told = lines.map(([second, text, source = 0]) => [source, at(second), text])
    line().ears.message({ type: 'lines', lines: told })
    refresh()
  }
  const begin = () => {
    line().ears.opened?.()
    for (const [source, container] of ['app', 'proxy'].entries())
      line().ears.message({ type: 'source', source, pod: 'web', container, status: 'open' })
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
  expect(feed.state().desk).toMatchObject({ lines: 4, sources: [{ lines: 3 }, { lines: 0 }] })
})

test('a gateway that says it restarts is waited for', () => {
  const { feed, begin, say, line, pass, opened } = stage()
  begin()
  say([1, 'one'])
  line().ears.closed('The gateway is restarting', undefined, true)
  expect(feed.state().stream).toMatchObject({ status: 'lost', restarts: true })
  pass(2000)
  line().ears.closed('down', { code: 'unavailable', message: 'down' })
  expect(feed.state().stream).toMatchObject({ status: 'lost', attempt: 2, restarts: false })
  pass(3000)
  begin()
  expect(line().input.sinceSeconds).toBe(25)
  expect(opened).toHaveLength(3)
  expect(feed.state().stream.status).toBe('open')
})

test('what was still being told of earlier hours goes on there, not where it was lost', () => {
  const { feed, begin, say, line, pass } = stage()
  begin()
  // It is told ten minutes later: the stream is that far behind.
  pass(600_000)
  say([1, 'one'])
  line().ears.closed(undefined)
  pass(2000)
  expect(line().input.sinceSeconds).toBe(600 + 2 + 20 - 1)
  begin()
  say([1, 'one'], [2, 'two'])
  expect(feed.state().desk?.sources).toMatchObject([{ lines: 2 }, { lines: 0 }])
})

test('a source that has long been silent does not make all others repeat themselves', () => {
  const { begin, say, line, pass } = stage()
  begin()
  say([1, 'one'])
  pass(600_000)
  say([600, 'now', 1])
  line().ears.closed(undefined)
  pass(2000)
  expect(line().input.sinceSeconds).toBe(22)
})

test('a stream that falls again soon does not move the place from where it goes on', () => {
  const { begin, say, line, pass } = stage()
  begin()
  say([1, 'one'])
  pass(10_000)
  say([10, 'another', 1])
  line().ears.closed(undefined)
  pass(600_000)
  begin()
  say([610, 'only one of the two has come', 1])
  line().ears.closed(undefined)
  pass(3000)
  expect(line().input.sinceSeconds).toBe(600 + 3 + 20)
})

test('a since that was asked for grows with the time that has passed', () => {
  const { feed, begin, say, line, pass } = stage()
  feed.ask({ ...asked, sinceSeconds: 300 })
  begin()
  say([1, 'one'])
  pass(20_000)
  line().ears.closed(undefined)
  pass(600_000)
  expect(line().input.sinceSeconds).toBe(639)
})

test('connections that fall as soon as they open have ten attempts together', () => {
  const { feed, line, pass, opened } = stage()
  for (let attempt = 0; attempt < 11; attempt += 1) {
    line().ears.opened?.()
    line().ears.closed(undefined)
    pass(30_000)
  }
  expect(feed.state().stream.status).toBe('closed')
  expect(opened).toHaveLength(11)
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
