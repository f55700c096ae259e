/// <reference types="vite/client" />
// As in the product’s own page: before anything that asks whether it may compile strings.
import '../../../../renderer/public/no-eval.js'
import { LogsInput } from '#gateway/streams.ts'
import { LogFeed } from '../../../../renderer/data/logs/feed.ts'
import { spawnDesk } from '../../../../renderer/data/logs/spawn.ts'
import { listenOnce } from '../../../../renderer/data/stream-messages.ts'

/** What becomes of many lines in a pane. */
interface Flood {
  /** Milliseconds from the first message until the worker has taken every line. */
  readonly took: number
  /** Lines that the worker keeps then, and that it had to let go. */
  readonly kept: number
  readonly dropped: number
}

interface Found {
  /** Milliseconds until it was said how many there are. */
  readonly took: number
  readonly hits: number
}

declare global {
  interface Window {
    flood(count: number): Promise<Flood>
    search(text: string, pattern: boolean): Promise<Found>
    /** The numbers of all lines that are kept, in their order, as stretches without a gap. */
    kept(): Promise<readonly (readonly [from: number, to: number])[]>
  }
}

const perMessage = 500
/** What the gateway lets be under way: a mebibyte, each line counted with 48 bytes beside its text. */
const mostUnderWay = 1024 * 1024
const perLine = 48
const words = 'a line that says as much as most do, and then its own number:'
const started = Date.UTC(2026, 0, 1)

/** Every thousandth line is an error. */
const textOf = (at: number) => `${at % 1000 === 0 ? 'ERROR ' : ''}${words} ${String(at)}`

/** Messages as the gateway sends them: twenty lines in a millisecond. */
function messages(count: number): { readonly json: string; readonly weight: number }[] {
  return Array.from({ length: Math.ceil(count / perMessage) }, (_, message) => {
    const first = message * perMessage
    const lines = Array.from({ length: Math.min(perMessage, count - first) }, (_line, at) => {
      const number = first + at
      const time = new Date(started + Math.floor(number / 20)).toISOString().slice(0, -1)
      return [0, `${time}${String((number % 20) * 50_000).padStart(6, '0')}Z`, textOf(number)]
    })
    const weight = lines.reduce((sum, [, , text]) => sum + String(text).length + perLine, 0)
    return { json: JSON.stringify({ type: 'lines', lines }), weight }
  })
}

const input = LogsInput.parse({ cluster: 'c', profile: 'p', namespace: 'n', pods: ['web'] })
let ear: ReturnType<typeof listenOnce>
let acknowledged = (_count: number): void => undefined

/** The product’s own feed and worker; only the gateway is played, with its own bound of what is under way. */
const feed = new LogFeed(input, {
  open: (_input, ears) => {
    ear = listenOnce(ears)
    return {
      send: (message) => {
        acknowledged((message as { readonly count: number }).count)
      },
      sendBytes: () => undefined,
      close: () => undefined,
    }
  },
  desk: spawnDesk,
  now: Date.now,
  after: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds)
    return () => {
      clearTimeout(timer)
    }
  },
})
feed.window({ from: 'end', count: 80, fold: true, opened: [] })

/** Resolves once the feed’s state fits. */
const until = async (fits: () => boolean) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (!fits()) return
      stop()
      resolve()
    }
    const stop = feed.listen(look)
    look()
  })

window.flood = async (count) => {
  const told = messages(count)
  ear.text('{"type":"opened"}')
  ear.text('{"type":"source","source":0,"pod":"web","container":"app","status":"open"}')
  const began = performance.now()
  await new Promise<void>((resolve) => {
    let sent = 0
    let taken = 0
    let underWay = 0
    const send = () => {
      for (; sent < told.length && underWay < mostUnderWay; sent += 1) {
        underWay += told[sent]?.weight ?? 0
        ear.text(told[sent]?.json ?? '')
      }
    }
    acknowledged = () => {
      underWay -= told[taken]?.weight ?? 0
      taken += 1
      if (taken === told.length) resolve()
      else send()
    }
    send()
  })
  const took = performance.now() - began
  const total = () => (feed.state().desk?.lines ?? 0) + (feed.state().desk?.dropped ?? 0)
  await until(() => total() === count)
  const { lines: kept = 0, dropped = 0 } = feed.state().desk ?? {}
  return { took, kept, dropped }
}

window.search = async (text, pattern) => {
  feed.search(undefined)
  await until(() => feed.state().desk !== undefined && !feed.state().desk?.search)
  const began = performance.now()
  feed.search({ text, pattern, matchCase: false })
  await until(() => feed.state().desk?.search !== undefined)
  return { took: performance.now() - began, hits: feed.state().desk?.search?.hits ?? 0 }
}

window.kept = async () => {
  const stretches: [number, number][] = []
  let open: [number, number] | undefined
  for await (const part of feed.parts('all', false))
    for (const line of part.trimEnd().split('\n')) {
      const number = Number(line.slice(line.lastIndexOf(' ') + 1))
      if (open?.[1] === number - 1) open[1] = number
      else stretches.push((open = [number, number]))
    }
  return stretches
}
