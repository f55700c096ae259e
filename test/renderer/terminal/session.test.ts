import { expect, test } from 'vitest'
import { TerminalSession } from '../../../renderer/data/terminal/session.ts'
import type { StreamEars } from '../../../renderer/data/stream-messages.ts'

/** A gateway’s end that is played by hand, and a clock that is turned by hand. */
function stage(tty = true, more: Record<string, unknown> = {}) {
  const opened: {
    name: string
    input: unknown
    ears: StreamEars
    sent: unknown[]
    closed: boolean
  }[] = []
  const timers: { at: number; work: () => void }[] = []
  const drawn: { text: string; done: () => void }[] = []
  let clock = 0
  let agains = 0
  const session = new TerminalSession(
    { name: 'terminal', input: { pod: 'web', ...more }, tty },
    { columns: 80, rows: 24 },
    {
      open: (name, input, ears) => {
        const line = { name, input, ears, sent: [] as unknown[], closed: false }
        opened.push(line)
        return {
          send: (message) => line.sent.push(message),
          sendBytes: (bytes) => line.sent.push(new TextDecoder().decode(bytes)),
          close: () => {
            line.closed = true
            ears.closed(undefined)
          },
        }
      },
      draw: (bytes, done) => drawn.push({ text: new TextDecoder().decode(bytes), done }),
      again: () => {
        agains += 1
      },
      now: () => clock,
      after: (milliseconds, work) => {
        const timer = { at: clock + milliseconds, work }
        timers.push(timer)
        return () => timers.splice(timers.indexOf(timer), 1)
      },
    },
  )
  const line = () => {
    const last = opened.at(-1)
    if (!last) throw new Error('nothing was opened')
    return last
  }
  const pass = (milliseconds: number) => {
    clock += milliseconds
    for (const timer of timers.filter(({ at }) => at <= clock)) {
      timers.splice(timers.indexOf(timer), 1)
      timer.work()
    }
  }
  return { session, opened, line, pass, drawn, agains: () => agains }
}

const bytes = (text: string) => new TextEncoder().encode(text)

test('output of both kinds is drawn without its first byte and told when it was drawn', () => {
  const { line, drawn } = stage()
  line().ears.opened?.()
  line().ears.bytes?.(bytes('\u0001hello'))
  line().ears.bytes?.(bytes('\u0002oh'))
  expect(drawn.map(({ text }) => text)).toEqual(['hello', 'oh'])
  expect(line().sent).toEqual([])
  for (const { done } of drawn) done()
  expect(line().sent).toEqual([{ type: 'ack', count: 7 }])
})

test('a lost terminal comes back by itself and keeps what was written', () => {
  const { session, line, pass, opened, agains } = stage()
  line().ears.opened?.()
  line().ears.closed(undefined)
  expect(session.state().now).toMatchObject({ status: 'lost', attempt: 1, againAt: 2000 })
  pass(1999)
  expect(opened).toHaveLength(1)
  pass(1)
  expect(opened).toHaveLength(2)
  expect(agains()).toBe(1)
  line().ears.opened?.()
  expect(session.state().now.status).toBe('open')
})

test('after ten attempts it stops, and a person may try again', () => {
  const { session, line, pass, opened } = stage()
  line().ears.opened?.()
  line().ears.closed(undefined)
  for (let attempt = 0; attempt < 10; attempt += 1) {
    pass(30_000)
    line().ears.closed('down', { code: 'unavailable', message: 'down' })
  }
  expect(session.state().now.status).toBe('closed')
  expect(opened).toHaveLength(11)
  session.reopen()
  expect(opened).toHaveLength(12)
})

test('a program that ended and a right that ended are not opened again', () => {
  const ended = stage()
  ended.line().ears.opened?.()
  ended.line().ears.message({ type: 'exit', code: 3 })
  ended.line().ears.closed(undefined)
  ended.pass(60_000)
  expect(ended.opened).toHaveLength(1)
  expect(ended.session.state().now).toMatchObject({ status: 'exited', code: 3 })

  const revoked = stage()
  revoked.line().ears.opened?.()
  revoked.line().ears.closed('Your grant was revoked')
  revoked.pass(60_000)
  expect(revoked.opened).toHaveLength(1)
  expect(revoked.session.state().now).toMatchObject({ reason: 'Your grant was revoked' })
})

test('a gateway that restarts ends a shell, and another begins only when somebody asks', () => {
  const { session, line, pass, opened } = stage()
  line().ears.opened?.()
  line().ears.closed('The gateway is restarting', undefined, true)
  pass(60_000)
  expect(opened).toHaveLength(1)
  expect(session.state().now).toMatchObject({ status: 'closed', restarted: true })
  session.reopen()
  expect(opened).toHaveLength(2)
})

test('what one was attached to runs on while the gateway restarts, and comes back', () => {
  const { session, line, pass, opened } = stage(true, { mode: 'attach' })
  line().ears.opened?.()
  line().ears.closed('The gateway is restarting', undefined, true)
  pass(2000)
  line().ears.closed('down', { code: 'unavailable', message: 'down' })
  pass(3000)
  line().ears.opened?.()
  expect(opened).toHaveLength(3)
  expect(session.state().now.status).toBe('open')
})

test('a terminal that was closed hears and says nothing more', () => {
  const { session, line, drawn, opened, pass } = stage()
  line().ears.opened?.()
  session.close()
  expect(line().closed).toBe(true)
  line().ears.bytes?.(bytes('\u0001late'))
  pass(60_000)
  expect(drawn).toHaveLength(0)
  expect(opened).toHaveLength(1)
})

test('typing travels in pieces once it is open; the size only when it is another one', () => {
  const { session, line } = stage()
  session.type(bytes('early'))
  line().ears.opened?.()
  session.type(bytes('x'.repeat(100_000)))
  session.resize({ columns: 80, rows: 24 })
  session.resize({ columns: 100, rows: 30 })
  expect(line().sent.map((it) => (typeof it === 'string' ? it.length : it))).toEqual([
    65_536,
    34_464,
    { type: 'resize', columns: 100, rows: 30 },
  ])
})

test('without a terminal on the other side Ctrl-D is the end of input', () => {
  const { session, line } = stage(false)
  line().ears.opened?.()
  session.type(Uint8Array.of(4))
  expect(line().sent).toEqual([{ type: 'eof' }])
})

test('a chosen container is asked for and shown before the gateway says anything', () => {
  const { session, line } = stage()
  session.reopen({ name: 'terminal', input: { pod: 'web', container: 'proxy' }, tty: true })
  expect(line().input).toMatchObject({ container: 'proxy', columns: 80 })
  expect(session.state().container).toBe('proxy')
})

test('a container that crashes is not followed round and round: a person attaches again', () => {
  const { session, line, pass, opened } = stage(true, { mode: 'attach' })
  line().ears.opened?.()
  line().ears.message({ type: 'exit', code: 7 })
  line().ears.closed(undefined)
  pass(60_000)
  expect(opened).toHaveLength(1)
  session.reopen()
  line().ears.closed('not running', { code: 'bad_gateway', message: 'not running' })
  pass(60_000)
  expect(opened).toHaveLength(2)
  expect(session.state().now).toMatchObject({ status: 'closed', reason: 'not running' })
})

test('connections that fall as soon as they open have ten attempts together', () => {
  const { session, line, pass, opened } = stage()
  for (let attempt = 0; attempt < 11; attempt += 1) {
    line().ears.opened?.()
    line().ears.closed(undefined)
    pass(30_000)
  }
  expect(session.state().now.status).toBe('closed')
  expect(opened).toHaveLength(11)

  const lasting = stage()
  for (let attempt = 0; attempt < 20; attempt += 1) {
    lasting.line().ears.opened?.()
    lasting.pass(10_000)
    lasting.line().ears.closed(undefined)
    lasting.pass(30_000)
  }
  expect(lasting.opened).toHaveLength(21)
})
