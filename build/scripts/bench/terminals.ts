import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Door } from './doors.ts'
import { median, quantile, type Row } from './table.ts'

/** One typed character there and back through `cat` in a pod, the doors in turn. */
export async function execEcho(
  namespace: string,
  pod: string,
  doors: readonly Door[],
): Promise<Row[]> {
  const terminals = await Promise.all(doors.map((door) => openTerminal(door, namespace, pod)))
  const times = doors.map((): number[] => [])
  const turns = 500
  for (let turn = 0; turn < turns; turn += 1)
    for (const [at, terminal] of terminals.entries()) times[at]?.push(await terminal.echo())
  for (const terminal of terminals) terminal.close()
  const [direct = [], ours = [], theirs = []] = times.map((it) => it.slice(20))
  const row = (what: string, part: number, goal: string): Row => {
    const at = (values: number[]) => quantile(values, part)
    return {
      what,
      gateway: `${at(ours).toFixed(2)} ms`,
      other: `${at(theirs).toFixed(2)} ms; direct ${at(direct).toFixed(2)} ms`,
      ratio: `${(at(ours) / at(direct)).toFixed(2)} of direct`,
      goal,
    }
  }
  if (Number.isNaN(median(ours))) throw new Error('no echo was measured')
  return [row('exec echo, p50', 0.5, '≤ 1.2 × direct'), row('exec echo, p99', 0.99, '')]
}

async function openTerminal(
  { origin, prefix, headers, ca, name }: Door,
  namespace: string,
  pod: string,
) {
  const query = 'command=cat&stdin=true&stdout=true'
  const url = `${origin.replace(/^http/, 'ws')}${prefix}/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query}`
  const socket = new WebSocket(url, 'v5.channel.k8s.io', {
    headers,
    ...(ca !== undefined && { ca }),
    perMessageDeflate: false,
  })
  await once(socket, 'open')
  let heard: (() => void) | undefined
  socket.on('message', (data: Buffer) => {
    if (data[0] === 1 && data.length > 1) heard?.()
  })
  socket.on('error', (error) => {
    throw new Error(`the terminal through ${name} broke`, { cause: error })
  })
  return {
    async echo(): Promise<number> {
      const answered = new Promise<void>((resolve) => (heard = resolve))
      const started = performance.now()
      socket.send(Buffer.from([0, 0x78]))
      await answered
      return performance.now() - started
    },
    close: () => socket.terminate(),
  }
}
