import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Forward } from '#bridge/forwards.ts'
import { createForwards, type Forwards } from '../../../main/forwards/forwards.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { openWorld, type World } from '../../support/world.ts'
import { lineTo, type TestLine } from './gateway-line.ts'

let world: World
let namespace = ''
let line: TestLine
let forwards: Forwards
let shown: readonly Forward[] = []
const lookers = new Set<() => void>()

/** Bytes into the pod in one go. */
const sent = 8 * 1024 * 1024
const place = { cluster: 'test', profile: 'operator' }

beforeAll(async () => {
  world = await openWorld()
  namespace = (await world.cluster.namespace('forwards')).name
  const person = await world.person(['operator', 'developer'], { namespaces: [namespace] })
  line = lineTo({ ...world.gateway, token: person.token })
  forwards = createForwards(line, (list) => {
    shown = list
    for (const look of lookers) look()
  })
  const script = `
    mkdir /web; cd /web; echo hello > index.html
    dd if=/dev/urandom of=big bs=1M count=8 2>/dev/null; sha256sum big > sum
    printf '#!/bin/sh\nhead -c ${sent} | sha256sum' > sums; chmod +x sums; nc -ll -p 9090 -e /web/sums &
    exec httpd -f -p 8080 -h /web`
  await createPod(world.cluster, namespace, realPod('web', { script, readyPort: 8080 }))
  await createPod(world.cluster, namespace, realPod('short', { script, readyPort: 8080 }))
  await Promise.all(['web', 'short'].map((pod) => world.cluster.waitForPod(namespace, pod)))
})
afterAll(async () => {
  await forwards?.close()
  line?.end()
  await world?.cluster.api.call(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' })
  await world?.stop()
})

afterEach(async () => {
  for (const { id } of forwards.list()) await forwards.stop({ id })
})

/** The first list that was told and fits. */
const told = (fits: (list: readonly Forward[]) => boolean) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (!fits(shown)) return
      lookers.delete(look)
      resolve()
    }
    lookers.add(look)
    look()
  })

const start = (more: { pod?: string; port?: number; localPort?: number } = {}) =>
  forwards.start({ ...place, namespace, pod: 'web', port: 8080, ...more })

const fetchFrom = (port: number, path: string) => fetch(`http://127.0.0.1:${port}${path}`)

describe('a forwarded port', () => {
  test('leads into the pod, whole and many times at once, and counts', async () => {
    const forward = await start()
    expect(forward).toMatchObject({ status: 'open', port: 8080, bytesIn: 0, connections: 0 })
    const { localPort } = forward
    const sum = (await (await fetchFrom(localPort, '/sum')).text()).split(' ')[0]
    const bodies = await Promise.all(
      Array.from({ length: 6 }, async () => (await fetchFrom(localPort, '/big')).bytes()),
    )
    const sums = bodies.map((it) => createHash('sha256').update(it).digest('hex'))
    expect(sums).toEqual(Array.from({ length: 6 }, () => sum))
    await told(([it]) => it !== undefined && it.bytesIn > 48 * 1024 * 1024 && it.bytesOut > 300)
    await forwards.stop({ id: forward.id })
    expect(forwards.list()).toEqual([])
  })

  test('takes what is sent into it, whole', async () => {
    const { localPort } = await start({ port: 9090 })
    const body = randomBytes(sent)
    const socket = connect({ host: '127.0.0.1', port: localPort })
    const heard = text(socket)
    socket.write(body)
    expect(await heard).toContain(createHash('sha256').update(body).digest('hex'))
    await told((list) => list[0]?.bytesOut === sent && list[0].connections === 0)
  })

  test('ends a connection that the pod ends, though its own side stays open', async () => {
    const { localPort } = await start()
    const socket = connect({ host: '127.0.0.1', port: localPort, allowHalfOpen: true })
    socket.write('GET / HTTP/1.0\r\n\r\n')
    expect(await text(socket)).toMatch(/hello\n$/)
    socket.destroy()
    await told((list) => list[0]?.connections === 0 && list[0].bytesIn > 0)
  })

  test('is the one that was asked for, on 127.0.0.1 only', async () => {
    const free = await start()
    await forwards.stop({ id: free.id })
    const forward = await start({ localPort: free.localPort })
    expect(forward.localPort).toBe(free.localPort)
    const elsewhere = connect({ host: '127.0.0.2', port: forward.localPort })
    const [error] = (await once(elsewhere, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
    await forwards.stop({ id: forward.id })
  })

  test('that is in use is said to be', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await expect(start({ localPort: port })).rejects.toThrow(
      `Port ${port} of this machine is in use`,
    )
    server.close()
  })
})

describe('what cannot be forwarded is said at once', () => {
  test('a pod that is not there', async () => {
    await expect(start({ pod: 'nobody' })).rejects.toThrow('pods "nobody" not found')
    expect(forwards.list()).toEqual([])
  })

  test('a right that is missing', async () => {
    const asDeveloper = { ...place, profile: 'developer', namespace, pod: 'web', port: 8080 }
    await expect(forwards.start(asDeveloper)).rejects.toThrow('port-forward')
  })
})

test('a port on which the pod does not listen makes the forward fail, with the reason', async () => {
  const forward = await start({ port: 1234 })
  await fetchFrom(forward.localPort, '/').catch(() => undefined)
  await told((list) => list[0]?.id === forward.id && list[0].status === 'failing')
  expect(shown[0]?.reason).toBe('Nothing in the pod listens on port 1234')
  await forwards.stop({ id: forward.id })
})

test('a pod that goes away makes it fail, and says so', async () => {
  const forward = await start({ pod: 'short' })
  expect(await (await fetchFrom(forward.localPort, '/')).text()).toBe('hello\n')
  const path = `/api/v1/namespaces/${namespace}/pods/short`
  await world.cluster.kubectlOutput(['-n', namespace, 'delete', 'pod', 'short', '--wait'])
  expect((await world.cluster.api.call(path)).status).toBe(404)
  await expect(fetchFrom(forward.localPort, '/')).rejects.toThrow()
  await told((list) => list[0]?.id === forward.id && list[0].status === 'failing')
  expect(shown[0]?.reason).toContain('pods "short" not found')
  await forwards.stop({ id: forward.id })
})

test('the end of the session ends every forward and what runs through it', async () => {
  const own = lineTo({ ...world.gateway, token: await line.token() })
  const mine = createForwards(own, () => undefined)
  const { localPort } = await mine.start({ ...place, namespace, pod: 'web', port: 8080 })
  const socket = connect({ host: '127.0.0.1', port: localPort })
  await once(socket, 'connect')
  const gone = once(socket, 'close')
  own.end()
  await gone
  expect(mine.list()).toMatchObject([
    { status: 'closed', reason: 'You are signed out of the gateway' },
  ])
  await expect(fetchFrom(localPort, '/')).rejects.toThrow()
  await expect(mine.start({ ...place, namespace, pod: 'web', port: 8080 })).rejects.toThrow(
    'signed out',
  )
  await mine.close()
})
