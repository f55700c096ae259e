import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createLoopback,
  type Loopback,
  type LoopbackAccess,
} from '../../../main/loopback/loopback.ts'
import {
  makePrivateFolder,
  sweepPrivateFolder,
  writePrivateFile,
} from '../../../main/loopback/private-folder.ts'
import { findParts } from '../../support/cluster/parts.ts'
import { openDesk, type Desk } from '../../support/desk.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { startProgram } from '../../support/program.ts'
import { openWorld, runKubectl, type RunOptions, type World } from '../../support/world.ts'
import { lineTo, type TestLine } from './gateway-line.ts'

let world: World
let desk: Desk
let line: TestLine
let loopback: Loopback
let folder: string
let operator: LoopbackAccess
let viewer: LoopbackAccess

beforeAll(async () => {
  world = await openWorld()
  const { name } = await world.cluster.namespace('loopback')
  const person = await world.person(['operator', 'viewer'], { namespaces: [name] })
  desk = await openDesk(world, { preset: 'operator', namespace: name })
  const { address, caPem } = world.gateway
  line = lineTo({ address, caPem, token: person.token })
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-loopback-'))
  loopback = createLoopback(line, { folder: join(folder, 'local') })
  operator = await loopback.open({ cluster: world.id, profile: 'operator' }, name)
  viewer = await loopback.open({ cluster: world.id, profile: 'viewer' }, name)
  const script = 'cd /tmp; echo hello > index.html; exec httpd -f -p 8080 -h /tmp'
  await createPod(world.cluster, name, realPod('web', { script, readyPort: 8080 }))
  await world.cluster.waitForPod(name, 'web')
})
afterAll(async () => {
  await loopback?.close()
  line?.end()
  await world?.cluster.api.call(`/api/v1/namespaces/${desk.namespace}`, { method: 'DELETE' })
  await desk?.leave()
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

const kubectl = (access: LoopbackAccess, args: readonly string[], run: RunOptions = {}) =>
  runKubectl(world.cluster.handle.parts.kubectl, args, {
    ...run,
    env: { KUBECONFIG: access.kubeconfig, HOME: folder, ...run.env },
  })

const start = (access: LoopbackAccess, args: readonly string[]) =>
  startProgram(world.cluster.handle.parts.kubectl, args, {
    KUBECONFIG: access.kubeconfig,
    HOME: folder,
  })

const tokenIn = async (access: LoopbackAccess) => {
  const text = await readFile(access.kubeconfig, 'utf8')
  const { users } = JSON.parse(text) as { users: { user: { token: string } }[] }
  return users[0]?.user.token ?? ''
}

describe('kubectl in a local terminal', () => {
  test('reads, in the namespace the terminal was opened for', async () => {
    const { code, stdout } = await kubectl(operator, ['get', 'pods', '-o', 'name'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'pod/web\n' })
    const { stdout: who } = await kubectl(operator, ['config', 'current-context'])
    expect(who).toBe('test@operator\n')
  })

  test('watches, and hears of each change at once', async () => {
    const watching = start(operator, ['get', 'configmaps', '--watch', '-o', 'name'])
    await watching.transcript.shows(/configmap\/kube-root-ca.crt/)
    await kubectl(operator, ['create', 'configmap', 'seen', '--from-literal=a=b'])
    await watching.transcript.shows(/configmap\/seen/)
    await watching.stop()
  })

  test('applies what it is given, server-side too', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'mine' },
      data: { a: '1' },
    }
    const apply = (...more: string[]) =>
      kubectl(operator, ['apply', ...more, '-f', '-'], { stdin: JSON.stringify(object) })
    expect((await apply()).stdout).toBe('configmap/mine created\n')
    expect((await apply('--server-side', '--force-conflicts')).stdout).toContain(
      'serverside-applied',
    )
    expect((await kubectl(operator, ['delete', 'configmap', 'mine'])).code).toBe(0)
  })

  test.each([
    { transport: 'WebSockets', value: 'true' },
    { transport: 'SPDY', value: 'false' },
  ])(
    'runs programs in a pod over $transport, with their exit codes and inputs',
    async ({ value }) => {
      const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: value }
      const ran = await kubectl(operator, ['exec', 'web', '--', 'sh', '-c', 'echo out; exit 3'], {
        env,
      })
      expect(ran).toMatchObject({ code: 3, stdout: 'out\n' })
      const stdin = Buffer.alloc(2 * 1024 * 1024, 'x')
      const counted = await kubectl(operator, ['exec', '-i', 'web', '--', 'wc', '-c'], {
        env,
        stdin,
      })
      expect(counted).toMatchObject({ code: 0, stdout: `${stdin.length}\n` })
    },
  )

  test('forwards a port through which a page is fetched', async () => {
    const forward = start(operator, ['port-forward', 'pod/web', ':8080'])
    const [, port] = await forward.transcript.shows(/127\.0\.0\.1:(\d+) -> 8080/)
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    expect(await answer.text()).toBe('hello\n')
    await forward.stop()
  })

  test('is told by the gateway what its place does not allow', async () => {
    const { code, stderr } = await kubectl(viewer, ['delete', 'pod', 'web'])
    expect(code).toBe(1)
    expect(stderr).toContain('orbidden')
    expect((await kubectl(viewer, ['get', 'pods', '-o', 'name'])).stdout).toBe('pod/web\n')
  })
})

test('helm in a local terminal installs a release and finds it again', async () => {
  const { helm } = await findParts(['helm'])
  const chart = join(folder, 'chart')
  await mkdir(join(chart, 'templates'), { recursive: true })
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'small' } }
  await writeFile(join(chart, 'Chart.yaml'), '{apiVersion: v2, name: small, version: 1.0.0}')
  await writeFile(join(chart, 'templates/settings.yaml'), JSON.stringify(settings))
  // An operator may not read Secrets, where releases lie otherwise.
  const env = { KUBECONFIG: operator.kubeconfig, HOME: folder, HELM_DRIVER: 'configmap' }
  expect(await runKubectl(helm, ['install', 'small', chart], { env })).toMatchObject({ code: 0 })
  expect((await runKubectl(helm, ['list', '--short'], { env })).stdout).toBe('small\n')
  expect((await kubectl(operator, ['get', 'configmap', 'small', '-o', 'name'])).stdout).toBe(
    'configmap/small\n',
  )
})

describe('the files of a terminal', () => {
  test('can be read by nobody else', async () => {
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
    expect(await modeOf(operator.kubeconfig)).toBe('600')
    expect(await modeOf(operator.folder)).toBe('700')
    expect(await modeOf(join(folder, 'local'))).toBe('700')
  })

  test('hold a token of their own and nothing of the gateway', async () => {
    const tokens = [await tokenIn(operator), await tokenIn(viewer)]
    expect(new Set(tokens).size).toBe(2)
    for (const token of tokens) expect(Buffer.from(token, 'base64url').length).toBe(32)
    const text = await readFile(operator.kubeconfig, 'utf8')
    expect(text).not.toContain(await line.token())
    expect(text).not.toContain(new URL(world.gateway.address).host)
  })
})

test('what a start that was killed has left goes before the first terminal', async () => {
  const left = join(folder, 'left')
  await writePrivateFile(join(await makePrivateFolder(left), 'kubeconfig'), 'old')
  await sweepPrivateFolder(left)
  expect(existsSync(left)).toBe(false)
})

describe('when a terminal closes', () => {
  test('its token is dead, its streams are cut and its files are gone; others go on', async () => {
    const access = await loopback.open({ cluster: world.id, profile: 'operator' }, desk.namespace)
    const copy = JSON.parse(await readFile(access.kubeconfig, 'utf8')) as unknown
    const watching = start(access, ['get', 'configmaps', '--watch-only', '-v=6'])
    const shell = start(access, ['exec', '-i', 'web', '--', 'sh', '-c', 'echo open; cat'])
    await watching.transcript.shows(/200 OK/)
    await shell.transcript.shows(/open/)
    await access.close()
    await shell.ended
    await watching.ended
    expect(existsSync(access.folder)).toBe(false)
    const kept = join(folder, 'kept')
    await writeFile(kept, JSON.stringify(copy))
    const after = await kubectl({ ...access, kubeconfig: kept }, ['get', 'pods'])
    expect(after.code).toBe(1)
    expect(after.stderr).toMatch(/Unauthorized|logged in/)
    expect((await kubectl(operator, ['get', 'pods', '-o', 'name'])).stdout).toBe('pod/web\n')
  })

  test('an end of the session does the same to all of them and says so to each', async () => {
    const other = lineTo({ ...world.gateway, token: await line.token() })
    const here = createLoopback(other, { folder: join(folder, 'other') })
    const access = await here.open({ cluster: world.id, profile: 'operator' }, desk.namespace)
    const told = new Promise<void>((resolve) => access.onEnd(resolve))
    const shell = start(access, ['exec', '-i', 'web', '--', 'sh', '-c', 'echo open; cat'])
    await shell.transcript.shows(/open/)
    other.end()
    await told
    await shell.ended
    await here.close()
    expect(await readdir(join(folder, 'other'))).toEqual([])
    await expect(here.open({ cluster: world.id, profile: 'operator' })).rejects.toThrow('no longer')
  })
})

test('the token of a terminal is nowhere at the gateway, and the session is nowhere at the terminal', async () => {
  const tokens = [await tokenIn(operator), await tokenIn(viewer)]
  const { events } = await (await world.gateway.admin()).events.list({})
  const seen = JSON.stringify(events) + world.gateway.logged.join('\n')
  for (const token of tokens) expect(seen).not.toContain(token)
  const { stderr } = await kubectl(operator, ['get', 'pods', '-v=9'])
  expect(stderr).not.toContain(await line.token())
})
