import type { Readable } from 'node:stream'
import type { Pool } from 'undici'
import type { Cluster } from '../../../test/support/cluster/index.ts'
import type { LabGateway, LabPerson } from '../lab/gateway.ts'
import { residentBytes } from './cpu.ts'
import type { Door } from './doors.ts'
import { median, quantile, type Row } from './table.ts'

const milliseconds = (value: number) => `${value.toFixed(2)} ms`

/** How much later than on the direct way an event of a watch arrives, door by door, for the same event. */
export async function watchLatency(
  cluster: Cluster,
  namespace: string,
  doors: readonly Door[],
): Promise<Row[]> {
  const arrivals = doors.map(() => new Map<string, number>())
  const pools = doors.map((door) => door.pool(1))
  const streams = await Promise.all(doors.map((door, at) => openWatch(pools[at], door, namespace)))
  const waiting = new Map<string, () => void>()
  streams.forEach((stream, at) => {
    let text = ''
    stream.on('data', (chunk: Buffer) => {
      const now = performance.now()
      text += chunk.toString()
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const name = /"turn":"(\d+)"/.exec(text.slice(0, end))?.[1]
        text = text.slice(end + 1)
        if (name === undefined) continue
        arrivals[at]?.set(name, now)
        if (arrivals.every((seen) => seen.has(name))) waiting.get(name)?.()
      }
    })
  })
  const turns = 300
  const path = `/api/v1/namespaces/${namespace}/configmaps/watched`
  await cluster.api.want(`/api/v1/namespaces/${namespace}/configmaps`, {
    method: 'POST',
    body: { metadata: { name: 'watched' } },
  })
  for (let turn = 0; turn < turns; turn += 1) {
    const seen = new Promise<void>((resolve) => waiting.set(String(turn), resolve))
    const headers = { 'content-type': 'application/merge-patch+json' }
    await cluster.api.want(path, {
      method: 'PATCH',
      headers,
      body: { data: { turn: String(turn) } },
    })
    await seen
  }
  streams.forEach((it) => it.destroy())
  await Promise.all(pools.map((it) => it.destroy()))
  const added = (at: number) =>
    [...(arrivals[at] ?? [])].map(([turn, when]) => when - (arrivals[0]?.get(turn) ?? 0)).slice(20)
  const [ours, theirs] = [added(1), added(2)]
  return [
    {
      what: 'watch event, added p50',
      gateway: milliseconds(median(ours)),
      other: milliseconds(median(theirs)),
      ratio: '',
      goal: '≤ 0.3 ms added',
    },
    {
      what: 'watch event, added p99',
      gateway: milliseconds(quantile(ours, 0.99)),
      other: milliseconds(quantile(theirs, 0.99)),
      ratio: '',
      goal: '',
    },
  ]
}

async function openWatch(
  pool: Pool | undefined,
  { prefix, headers, name }: Door,
  namespace: string,
): Promise<Readable> {
  if (!pool) throw new Error('a door has no pool')
  const path = `${prefix}/api/v1/namespaces/${namespace}/configmaps?watch=1`
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers })
  if (statusCode !== 200) throw new Error(`${name} answered ${statusCode} to a watch`)
  body.on('error', () => undefined)
  return body
}

const many = 1000

/** What a thousand idle watches cost, and how fast they end when their session is revoked. */
export async function idleWatches(
  lab: LabGateway,
  person: LabPerson,
  door: Door,
  rival: Door,
): Promise<Row[]> {
  const ours = await holdWatches(door)
  const started = performance.now()
  const ends = ours.streams.map(
    (stream) =>
      new Promise<number>(
        (resolve) => void stream.once('close', () => resolve(performance.now() - started)),
      ),
  )
  await lab.admin.sessions.revoke({ id: person.sessionId })
  const times = await Promise.all(ends)
  await ours.close()
  const theirs = await holdWatches(rival)
  await theirs.close()
  const size = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`
  return [
    {
      what: '1,000 idle watches, memory',
      gateway: size(ours.bytes),
      other: size(theirs.bytes),
      ratio: (ours.bytes / theirs.bytes).toFixed(2),
      goal: '≤ 200 MB',
    },
    {
      what: '1,000 streams, revoke → last byte p99',
      gateway: milliseconds(quantile(times, 0.99)),
      other: '—',
      ratio: '',
      goal: '≤ 1 s',
    },
    {
      what: '1,000 streams, revoke → last of all',
      gateway: milliseconds(Math.max(...times)),
      other: '—',
      ratio: '',
      goal: '',
    },
  ]
}

async function holdWatches(door: Door) {
  const pool = door.pool(many)
  const { pid = 0 } = door
  const before = residentBytes(pid)
  const streams: Readable[] = []
  for (let at = 0; at < many; at += 50)
    streams.push(
      ...(await Promise.all(
        Array.from({ length: 50 }, () => openWatch(pool, door, 'kube-public')),
      )),
    )
  // Read, so that an end is noticed; idle all the same.
  for (const stream of streams) stream.resume()
  const bytes = residentBytes(pid) - before
  const close = async () => {
    streams.forEach((it) => it.destroy())
    await pool.destroy()
  }
  return { streams, bytes, close }
}
