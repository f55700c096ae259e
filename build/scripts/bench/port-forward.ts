import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import type { Cluster } from '../../../test/support/cluster/index.ts'
import { cpuSeconds } from './cpu.ts'
import type { Door } from './doors.ts'
import { median, type Row } from './table.ts'

const megabytes = 64

/** Bytes to an echo in a pod and back through `kubectl port-forward`, the doors in turn. */
export async function portForward(
  cluster: Cluster,
  pod: { namespace: string; name: string },
  doors: readonly Door[],
): Promise<Row[]> {
  const speeds = doors.map((): number[] => [])
  const costs = doors.map((): number[] => [])
  const forwards = await Promise.all(doors.map((door) => openForward(cluster, door, pod)))
  for (let round = 0; round < 5; round += 1)
    for (const [at, forward] of forwards.entries()) {
      const pid = doors[at]?.pid
      const before = pid === undefined ? 0 : cpuSeconds(pid)
      const started = performance.now()
      await sendAndReceive(forward.port)
      speeds[at]?.push((2 * megabytes) / ((performance.now() - started) / 1000))
      if (pid !== undefined) costs[at]?.push(((cpuSeconds(pid) - before) * 1000) / (2 * megabytes))
    }
  for (const forward of forwards) forward.stop()
  const speed = (at: number) => median(speeds[at] ?? [])
  const cost = (at: number) => median(costs[at] ?? [])
  return [
    {
      what: `port-forward, ${megabytes} MB each way`,
      gateway: `${speed(1).toFixed(0)} MB/s`,
      other: `${speed(2).toFixed(0)} MB/s; direct ${speed(0).toFixed(0)} MB/s`,
      ratio: `${(speed(1) / speed(0)).toFixed(2)} of direct`,
      goal: '',
    },
    {
      what: 'port-forward, CPU of the process between',
      gateway: `${cost(1).toFixed(2)} ms/MB`,
      other: `${cost(2).toFixed(2)} ms/MB`,
      ratio: (cost(1) / cost(2)).toFixed(2),
      goal: '',
    },
  ]
}

async function openForward(
  { handle }: Cluster,
  door: Door,
  pod: { namespace: string; name: string },
) {
  const where =
    door.kubeconfig === undefined ? ['--server', door.origin] : ['--kubeconfig', door.kubeconfig]
  const args = [...where, '-n', pod.namespace, 'port-forward', `pod/${pod.name}`, ':80']
  const env = { PATH: process.env['PATH'], HOME: tmpdir(), KUBECONFIG: '' }
  const child = spawn(handle.parts.kubectl, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`kubectl port-forward through ${door.name} ended with ${String(code)}`)),
    )
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(line)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
  })
  return { port, stop: () => child.kill() }
}

async function sendAndReceive(port: number): Promise<void> {
  const socket = createConnection({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  const all = megabytes * 1024 * 1024
  let received = 0
  const done = new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk) => {
      received += chunk.length
      if (received >= all) resolve()
    })
    socket.once('close', () => reject(new Error(`the forward ended after ${received} bytes`)))
  })
  const block = Buffer.alloc(1024 * 1024, 'x')
  for (let sent = 0; sent < megabytes; sent += 1)
    if (!socket.write(block)) await once(socket, 'drain')
  await done
  socket.destroy()
}
