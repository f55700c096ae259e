import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { LogsDown } from '../../../../server/contract/streams.ts'
import type { LabGateway, LabPerson } from '../../lab/gateway.ts'

export interface LogsAsked {
  readonly namespace: string
  readonly pod: string
  /** How many each container has beside those that are no numbers. */
  readonly lines: number
  readonly containers: number
}

/** Seconds until all lines of all containers have come, each in its place; anything else throws. */
export async function readLogs(
  { address, caPem }: LabGateway,
  { token }: LabPerson,
  asked: LogsAsked,
): Promise<number> {
  const { namespace, pod, lines, containers } = asked
  const started = performance.now()
  const socket = new WebSocket(`${address.replace(/^http/, 'ws')}/streams/logs`, {
    headers: { authorization: `Bearer ${token}` },
    ca: caPem,
    perMessageDeflate: false,
  })
  await once(socket, 'open')
  const next = new Map<number, number>()
  socket.send(
    JSON.stringify({ cluster: 'lab', profile: 'viewer', namespace, pods: [pod], follow: false }),
  )
  return new Promise((resolve, reject) => {
    const end = (error?: Error) => {
      socket.removeAllListeners('message')
      socket.terminate()
      if (error) reject(error)
      else resolve((performance.now() - started) / 1000)
    }
    socket.on('close', () => end(new Error('the stream of logs ended too early')))
    socket.on('message', (data: Buffer) => {
      const told = JSON.parse(data.toString()) as LogsDown | { type: 'failed' | 'closed' }
      if (told.type === 'failed' || told.type === 'closed') end(new Error(data.toString()))
      if (told.type === 'lines') {
        const wrong = told.lines.find((line) => !isNext(next, line))
        if (wrong) end(new Error(`a line is missing before ${wrong.join(' ')}`))
        else socket.send(JSON.stringify({ type: 'ack', count: told.lines.length }))
      }
      if (told.type !== 'end') return
      const all = [...next.values()]
      const isWhole = all.length === containers && all.every((it) => it === lines)
      end(isWhole ? undefined : new Error(`only ${all.join()} of ${lines} lines came`))
    })
  })
}

/** The first line of a simulated container has no number. */
function isNext(next: Map<number, number>, [source, , text]: [number, string, string]): boolean {
  const number = Number(text.slice(text.lastIndexOf(' ') + 1))
  if (Number.isNaN(number)) return !next.has(source)
  const wanted = next.get(source) ?? 0
  next.set(source, wanted + 1)
  return number === wanted
}
