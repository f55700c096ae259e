import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identify, isAlive, type ProcessIdentity } from './support/cluster/process-identity.ts'
import { kubeconfigText } from './support/cluster/kubeconfig.ts'
import { Transcript } from './support/transcript.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const ready = /Ctrl-C stops everything/

let folder: string
let data: string
/** What a found kubeconfig names; whoever contacts it is counted. */
let bystander: Server
let contacts = 0
let running: { readonly child: ChildProcess; readonly transcript: Transcript }

/** `npm start` as its own process group, with nobody at a terminal. */
function start(): typeof running {
  const { GATEHOUSE_TEST_CLUSTER: _cluster, ...inherited } = process.env
  const child = spawn(process.execPath, ['build/scripts/bootstrap.mjs', 'build/scripts/start.ts'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited,
      GATEHOUSE_DATA: data,
      GATEHOUSE_PORT: '0',
      GATEHOUSE_CONSOLE_PORT: '0',
      KUBECONFIG: join(folder, 'found.yaml'),
    },
  })
  const transcript = new Transcript()
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => transcript.add(chunk))
  child.once('close', () => transcript.end())
  return { child, transcript }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-start-'))
  data = join(folder, 'data')
  bystander = createServer((socket) => {
    contacts += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(bystander, 'listening')
  const { port } = bystander.address() as AddressInfo
  const address = `https://127.0.0.1:${port}`
  const text = kubeconfigText({ address, ca: { pem: 'none' }, user: { token: 'not-to-be-sent' } })
  await writeFile(join(folder, 'found.yaml'), text)
  running = start()
  await running.transcript.shows(ready)
}, 900_000)

afterAll(async () => {
  if (running.child.exitCode === null && running.child.signalCode === null) {
    const gone = once(running.child, 'exit')
    process.kill(-(running.child.pid ?? 0), 'SIGINT')
    await gone
  }
  bystander.close()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

const printed = () => running.transcript.text

/** A printed line, typed into a shell somewhere else. */
const type = (line: string, input = '') =>
  execFileSync('sh', ['-c', line], { cwd: folder, input, encoding: 'utf8', stdio: 'pipe' })

const lineWith = (pattern: RegExp) =>
  printed()
    .split('\n')
    .find((line) => pattern.test(line))
    ?.trim() ?? ''

const kubectl = () => lineWith(/kubectl.* get pods$/).replace(/ get pods$/, '')
const passwordOf = (name: string) =>
  new RegExp(`^ {2}${name} +((?:[a-z0-9]{5}-){3}[a-z0-9]{5}) `, 'm').exec(printed())?.[1]
const addressOf = (text: string) => /for kubectl and gatehouse +(\S+)/.exec(text)?.[1]

test('the printed kubectl line works as it is, and the workloads are healthy, crashing and pending', () => {
  const pods = type(lineWith(/ get pods$/))
  expect(pods).toMatch(/^web-/m)
  expect(pods).toMatch(/^cart-/m)
  expect(pods).toMatch(/^report-.* Pending /m)
  type(`${kubectl()} create configmap kept --from-literal=by=operator`)
})

test('a browser on this machine gets the web console without TLS', async () => {
  const address = /^ {2}the web console +(\S+)/m.exec(printed())?.[1] ?? ''
  const answer = await fetch(address)
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:/)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await answer.text()).toContain('<div id="root">')
  const terminal = await fetch(new URL('/about', address))
  expect(await terminal.text()).toContain(addressOf(printed()))
})

test('without a person at the terminal no window is opened, and why is said', () => {
  expect(printed()).toMatch(/the desktop app +not opened: /)
  expect(printed()).toMatch(/to compare \(SHA-256\) +([0-9A-F]{4} ?){16}/)
})

test('keys and passwords are random, said to be made, and readable by nobody else', async () => {
  expect(printed()).toContain('sealing-keys.json')
  const passwords = ['root', 'viewer', 'developer', 'operator', 'admin'].map(passwordOf)
  expect(new Set(passwords).size).toBe(5)
  expect(passwords).not.toContain(undefined)
  const names = await readdir(data)
  const modes = await Promise.all(
    names.map(async (it) => (await stat(join(data, it))).mode & 0o077),
  )
  expect(modes).toEqual(names.map(() => 0))
})

test('a kubeconfig that lies there is skipped where nobody can type yes', () => {
  expect(printed()).toMatch(/found .*found\.yaml: skipped/)
  expect(contacts).toBe(0)
})

test('Ctrl-C, twice and to the whole group, leaves no process; a second start keeps everything', async () => {
  const before = { printed: printed(), password: passwordOf('viewer') ?? '' }
  const family = descendants(running.child.pid ?? 0)
  expect(family.length).toBeGreaterThan(6)
  const gone = once(running.child, 'exit')
  for (let times = 0; times < 2; times += 1) process.kill(-(running.child.pid ?? 0), 'SIGINT')
  expect(await gone).toEqual([0, null])
  expect(family.filter(isAlive)).toEqual([])

  running = start()
  await running.transcript.shows(ready)
  expect(addressOf(printed())).toBe(addressOf(before.printed))
  expect(passwordOf('viewer')).toBeUndefined()
  expect(type(`${kubectl()} get configmap kept -o jsonpath={.data.by}`)).toBe('operator')
  const login = lineWith(/gatehouse login /)
  type(`GATEHOUSE_HOME=${folder}/home ${login} --password-stdin`, before.password)
}, 240_000)

test('the gateway is started again when it ends by itself', async () => {
  const { pid } = descendants(running.child.pid ?? 0).find((it) => isGateway(it.pid)) ?? {}
  expect(pid).toBeDefined()
  process.kill(pid ?? 0, 'SIGKILL')
  await running.transcript.shows(/the gateway answers again/)
  expect(type(`${kubectl()} get configmap kept -o name`)).toBe('configmap/kept\n')
}, 90_000)

test('whatever becomes of npm start, nothing of it stays behind', async () => {
  const family = descendants(running.child.pid ?? 0)
  process.kill(-(running.child.pid ?? 0), 'SIGKILL')
  await expect.poll(() => family.filter(isAlive), { timeout: 30_000 }).toEqual([])
})

const processTable = () =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 64 << 20 })
    .split('\n')
    .map((line) => /^ *(\d+) +(\d+) (.*)$/.exec(line))
    .map((it) => ({ pid: Number(it?.[1]), ppid: Number(it?.[2]), args: it?.[3] ?? '' }))

const isGateway = (pid: number) =>
  processTable().some((it) => it.pid === pid && it.args.endsWith('server/index.ts'))

/** A process and all that came of it. */
function descendants(pid: number): ProcessIdentity[] {
  const all = processTable()
  const family = [pid]
  for (const parent of family)
    family.push(...all.filter((it) => it.ppid === parent).map((it) => it.pid))
  return family.flatMap((it) => identify(it) ?? [])
}
