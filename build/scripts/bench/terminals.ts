import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { LabGateway, LabPerson } from '../lab/gateway.ts'
import type { Door } from './doors.ts'
import { median, quantile, type Row } from './table.ts'

interface Terminal {
  /** Milliseconds until a typed character came back. */
  echo(): Promise<number>
  close(): void
}

/** One typed character there and back through `cat` in a pod, the doors and our own terminal in turn. */
export async function execEcho(
  namespace: string,
  pod: string,
  doors: readonly Door[],
  { lab, person }: { readonly lab: LabGateway; readonly person: LabPerson },
): Promise<Row[]> {
  const terminals = await Promise.all([
    ...doors.map((door) => openTerminal(door, namespace, pod)),
    openOwnTerminal(lab, person, { namespace, pod }),
  ])
  const times = terminals.map((): number[] => [])
  const turns = 500
  for (let turn = 0; turn < turns; turn += 1)
    for (const [at, terminal] of terminals.entries()) times[at]?.push(await terminal.echo())
  for (const terminal of terminals) terminal.close()
  const [direct = [], ours = [], theirs = [], own = []] = times.map((it) => it.slice(20))
  const row = (what: string, of: readonly number[], part: number, goal: string): Row => {
    const at = (values: readonly number[]) => quantile(values, part)
    return {
      what,
      gateway: `${at(of).toFixed(2)} ms`,
      other: `${at(theirs).toFixed(2)} ms; direct ${at(direct).toFixed(2)} ms`,
      ratio: `${(at(of) / at(direct)).toFixed(2)} of direct`,
      goal,
    }
  }
  if (Number.isNaN(median(own))) throw new Error('no echo was measured')
  const goal = '≤ 1.2 × direct'
  return [
    row('exec echo, p50', ours, 0.5, goal),
    row('exec echo, p99', ours, 0.99, ''),
    row('echo in our terminal, p50', own, 0.5, goal),
    row('echo in our terminal, p99', own, 0.99, ''),
  ]
}

/** The stream that the app’s terminals use. */
async function openOwnTerminal(
  { address, caPem }: LabGateway,
  { token }: LabPerson,
  place: { readonly namespace: string; readonly pod: string },
): Promise<Terminal> {
  const socket = new WebSocket(`${address.replace(/^http/, 'ws')}/streams/terminal`, {
    headers: { authorization: `Bearer ${token}` },
    ca: caPem,
    perMessageDeflate: false,
  })
  await once(socket, 'open')
  const input = { cluster: 'lab', profile: 'admin', ...place, mode: 'exec' }
  socket.send(JSON.stringify({ ...input, command: ['cat'], tty: false }))
  const opened = new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) heard?.()
      else if (data.includes('"opened"')) resolve()
      else if (data.includes('"failed"')) reject(new Error(data.toString()))
    })
  })
  let heard: (() => void) | undefined
  await opened
  return {
    async echo() {
      const answered = new Promise<void>((resolve) => (heard = resolve))
      const started = performance.now()
      socket.send(Buffer.from('x'), { binary: true })
      await answered
      const took = performance.now() - started
      socket.send(JSON.stringify({ type: 'ack', count: 1 }))
      return took
    },
    close: () => socket.terminate(),
  }
}

async function openTerminal(
  { origin, prefix, headers, ca, name }: Door,
  namespace: string,
  pod: string,
): Promise<Terminal> {
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
