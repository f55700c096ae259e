import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { busyboxImage } from '../../support/cluster/node-images.ts'
import { openDesk, type Desk } from '../../support/desk.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { openWorld, type World } from '../../support/world.ts'

let world: World
let namespace = ''
let removeNamespace = () => Promise.resolve()

beforeAll(async () => {
  world = await openWorld()
  const { cluster } = world
  const made = await cluster.namespace('streams')
  namespace = made.name
  removeNamespace = () => made.remove()
  const hears = 'while read -r line; do echo "heard $line"; done'
  const speaks = 'echo first; until [ -f /tmp/go ]; do sleep 0.1; done; echo second'
  const crashes = '[ -f /kept/ran ] && exec sleep 3600; touch /kept/ran; echo last words; exit 7'
  await Promise.all([
    createPod(cluster, namespace, realPod('work', { script: 'exec sleep 3600' })),
    createPod(cluster, namespace, realPod('ill', { script: 'exec sleep 3600' })),
    createPod(cluster, namespace, realPod('hears', { script: hears, container: { stdin: true } })),
    createPod(cluster, namespace, realPod('speaks', { script: speaks })),
    createPod(cluster, namespace, realPod('crash', { script: crashes })),
  ])
  await Promise.all(
    ['work', 'ill', 'hears', 'speaks'].map((it) => cluster.waitForPod(namespace, it)),
  )
})
afterAll(async () => {
  await removeNamespace()
  await world?.stop()
})

const megabytes = 4
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex')

const transports = [
  { name: 'WebSockets', verb: 'get', value: 'true' },
  { name: 'SPDY', verb: 'create', value: 'false' },
] as const

describe.each(transports)('kubectl of an operator over $name', ({ name, verb, value }) => {
  let desk: Desk
  const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: value }

  beforeAll(async () => {
    desk = await openDesk(world, { preset: 'operator', namespace })
  })
  afterAll(() => desk.leave())

  test('gets the exit code of what it ran, and both of its outputs', async () => {
    const script = 'echo out; echo err >&2; exit 3'
    const ran = await desk.kubectl(['exec', 'work', '--', 'sh', '-c', script], { env })
    expect(ran).toMatchObject({ code: 3, stdout: 'out\n' })
    expect(ran.stderr).toMatch(/^err\n/)
  })

  test('pipes megabytes into a program', async () => {
    const sent = randomBytes(megabytes * 1024 * 1024)
    const sum = await desk.kubectl(['exec', '-i', 'work', '--', 'sha256sum'], { env, stdin: sent })
    expect(sum).toEqual({ code: 0, stdout: `${sha256(sent)}  -\n`, stderr: '' })
  })

  test('copies megabytes there and back', async () => {
    const sent = randomBytes(megabytes * 1024 * 1024)
    await writeFile(join(desk.folder, 'sent'), sent)
    await desk.output(['cp', join(desk.folder, 'sent'), `work:/tmp/${name}`], { env })
    await desk.output(['cp', `work:/tmp/${name}`, join(desk.folder, 'back')], { env })
    expect(sha256(await readFile(join(desk.folder, 'back')))).toBe(sha256(sent))
  })

  test('has a terminal that follows the size of its window and ends with the shell', async () => {
    const terminal = desk.terminal(['exec', '-it', 'work', '--', 'sh'], env)
    const { transcript } = terminal
    await transcript.shows(/# /)
    terminal.write(
      'becomes() { until [ "$(stty size)" = "$*" ]; do sleep 0.1; done; echo is $*; }\r',
    )
    terminal.write('becomes 24 80\r')
    await transcript.shows(/^is 24 80\r$/m)
    terminal.resize(132, 43)
    terminal.write('becomes 43 132; cat\r')
    await transcript.shows(/^is 43 132\r$/m)
    // A program that runs in the terminal is ended by its keys.
    terminal.write('typed\r')
    await transcript.shows(/^typed\r\ntyped\r$/m)
    const before = transcript.text.length
    terminal.write('\x03')
    await transcript.shows(/# /, before)
    terminal.write('exit 5\r')
    expect(await terminal.ended).toBe(5)
  })

  test('attaches to what runs and speaks with it', async () => {
    const attached = desk.start(['attach', '-i', 'hears'], env)
    await attached.transcript.shows(/If you don't see a command prompt/)
    attached.write(`${name} here\n`)
    await attached.transcript.shows(new RegExp(`^heard ${name} here$`, 'm'))
    await attached.stop()
  })

  test('debugs a pod from a container beside it', async () => {
    const image = ['--image', busyboxImage, '--image-pull-policy', 'Never']
    const terminal = desk.terminal(['debug', 'ill', '-it', ...image, '--', 'sh'], env)
    await terminal.transcript.shows(/If you don't see a command prompt/)
    terminal.write('echo debugged $((6 * 7))\r')
    await terminal.transcript.shows(/^debugged 42\r$/m)
    terminal.write('exit\r')
    expect(await terminal.ended).toBe(0)
  })

  test('was recorded with every stream it opened, by its own verb', async () => {
    const { events } = await (
      await world.gateway.admin()
    ).events.list({ person: desk.person.name, resource: 'pods', verb })
    const opened = new Set(events.filter((it) => it.phase === 'intent').map((it) => it.subresource))
    expect(opened).toContain('exec')
    expect(opened).toContain('attach')
  })
})

describe('kubectl of an operator', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk(world, { preset: 'operator', namespace })
  })
  afterAll(() => desk.leave())

  test('follows a log to its end', async () => {
    const logs = desk.start(['logs', '-f', 'speaks'])
    await logs.transcript.shows(/^first$/m)
    await desk.output(['exec', 'speaks', '--', 'touch', '/tmp/go'])
    expect(await logs.ended).toBe(0)
    expect(logs.transcript.text).toBe('first\nsecond\n')
  })

  test('reads the log of the run before a crash', async () => {
    const again = '--for=jsonpath={.status.containerStatuses[0].restartCount}=1'
    await desk.output(['wait', 'pod/crash', again, '--timeout=20s'])
    await desk.output(['wait', 'pod/crash', '--for=condition=Ready', '--timeout=20s'])
    expect(await desk.output(['logs', '--previous', 'crash'])).toBe('last words\n')
  })

  test('opens no stream that its grants do not name', async () => {
    const developer = await openDesk(world, { preset: 'developer', namespace })
    const attempts = await Promise.all([
      developer.kubectl(['exec', 'work', '--', 'true']),
      developer.kubectl(['attach', 'hears']),
      developer.kubectl(['exec', 'work', '--', 'true'], {
        env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false' },
      }),
    ])
    await developer.leave()
    expect(attempts.map((it) => it.code)).toEqual([1, 1, 1])
    for (const { stderr } of attempts)
      expect(stderr).toMatch(/needs the capability "(exec|attach)"/)
  })
})
