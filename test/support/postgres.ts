import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

export interface PostgresServer {
  /** The address of a database, made on first use. */
  url(database: string): Promise<string>
  stop(): Promise<void>
}

/** A PostgreSQL server of its own in a temporary folder, on a free port of this machine only. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = await findPrograms()
  // PostgreSQL refuses to run as root.
  const owner = process.getuid?.() === 0 ? await numbersOf('postgres') : undefined
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-postgres-'))
  const place: Place = { programs, folder, data: join(folder, 'data'), owner }
  const removed = () => rm(folder, { recursive: true, force: true })
  try {
    if (owner) await chown(folder, owner.uid, owner.gid)
    const how = ['-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8']
    await run(join(programs, 'initdb'), ['-D', place.data, ...how], { cwd: folder, ...owner })
    const { port, end } = await start(place)
    return { url: databases(port), stop: () => end().then(removed) }
  } catch (error) {
    await removed()
    throw error
  }
}

interface Place {
  readonly programs: string
  readonly folder: string
  readonly data: string
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
}

async function findPrograms(): Promise<string> {
  const found: string[] = []
  for await (const path of glob('/usr/lib/postgresql/*/bin/initdb')) found.push(dirname(path))
  const newest = found.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0]
  if (!newest) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  return newest
}

async function numbersOf(user: string): Promise<{ uid: number; gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((it) => it.startsWith(`${user}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  if (!uid || !gid) throw new Error(`there is no user ${user} to run PostgreSQL as`)
  return { uid: Number(uid), gid: Number(gid) }
}

async function start(place: Place): Promise<{ port: number; end: () => Promise<void> }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return { port, end: await launch(place, port) }
    } catch (error) {
      // Another process may have taken the port since it was found free.
      if (attempt === 3) throw error
    }
  }
}

/** Ends the server when its input ends: even a test run that is killed leaves nothing running. */
const KEEPER = '"$0" "$@" & cat > /dev/null; kill -QUIT $!; wait'

async function launch({ programs, folder, data, owner }: Place, port: number) {
  const options = ['-D', data, '-p', String(port)]
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
  ].flatMap((setting) => ['-c', setting])
  const keeper = spawn('sh', ['-c', KEEPER, join(programs, 'postgres'), ...options, ...settings], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...owner,
  })
  const gone = once(keeper, 'exit')
  const end = async () => {
    keeper.stdin.end()
    await gone
  }
  try {
    await untilReady(keeper.stderr)
    return end
  } catch (error) {
    await end()
    throw error
  }
}

function untilReady(log: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    log.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
      if (said.includes('ready to accept connections')) resolve()
      else if (said.includes('FATAL')) reject(new Error(`PostgreSQL does not start: ${said}`))
    })
    log.once('end', () => reject(new Error(`PostgreSQL does not start: ${said}`)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function databases(port: number): PostgresServer['url'] {
  const address = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  const made = new Map<string, Promise<void>>()
  return async (database) => {
    const making = made.get(database) ?? create(address('postgres'), database)
    made.set(database, making)
    await making
    return address(database)
  }
}

async function create(address: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
}
