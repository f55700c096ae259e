import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDesk, type Desk } from '../../support/desk.ts'
import type { Running } from '../../support/program.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { openWorld, type World } from '../../support/world.ts'

let world: World
let desk: Desk

beforeAll(async () => {
  world = await openWorld()
  desk = await openDesk(world, { preset: 'operator' })
  const script = `
    mkdir /web; cd /web; echo hello > index.html
    dd if=/dev/urandom of=big bs=1M count=3 2>/dev/null; sha256sum big > sum
    httpd -p 9090 -h /web; exec httpd -f -p 8080 -h /web`
  const pod = realPod('web', { script, readyPort: 8080 })
  await createPod(world.cluster, desk.namespace, pod)
  await world.cluster.waitForPod(desk.namespace, 'web')
})
afterAll(async () => {
  await desk?.leave()
  await world?.stop()
})

const transports = [
  { name: 'WebSockets', verb: 'get', value: 'true' },
  { name: 'SPDY', verb: 'create', value: 'false' },
] as const

describe.each(transports)('a port-forward over $name', ({ verb, value }) => {
  let forward: Running
  let ports: number[] = []

  beforeAll(async () => {
    const env = { KUBECTL_PORT_FORWARD_WEBSOCKETS: value }
    forward = desk.start(['port-forward', 'pod/web', ':8080', ':9090'], env)
    ports = await Promise.all(
      [/127\.0\.0\.1:(\d+) -> 8080/, /127\.0\.0\.1:(\d+) -> 9090/].map(async (it) =>
        Number((await forward.transcript.shows(it))[1]),
      ),
    )
  })
  afterAll(() => forward.stop())

  test('was opened in its own way', async () => {
    const admin = await world.gateway.admin()
    const { events } = await admin.events.list({ person: desk.person.name, verb })
    expect(events.filter((it) => it.subresource === 'portforward')).not.toEqual([])
  })

  test('carries parallel connections to two ports, whole', async () => {
    const [sum = ''] = (await fetchText(ports[0], '/sum')).split(' ')
    const bodies = await Promise.all(
      [...ports, ...ports, ...ports, ...ports].map((port) =>
        fetch(`http://127.0.0.1:${port}/big`).then((it) => it.bytes()),
      ),
    )
    const sums = bodies.map((it) => createHash('sha256').update(it).digest('hex'))
    expect(sums).toEqual(Array.from({ length: 8 }, () => sum))
  })

  test('ends a connection that the server ends first, and takes the next', async () => {
    const answers = await Promise.all(
      ports.map((port) => {
        // It never ends its own side: what ends is the server’s.
        const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
        socket.write('GET / HTTP/1.0\r\n\r\n')
        return text(socket).finally(() => socket.destroy())
      }),
    )
    expect(answers.map((it) => it.endsWith('\r\n\r\nhello\n'))).toEqual([true, true])
    expect(await fetchText(ports[0], '/')).toBe('hello\n')
  })
})

const fetchText = async (port: number | undefined, path: string) =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).text()

test('a developer forwards no port, whatever the transport', async () => {
  const developer = await openDesk(world, { preset: 'developer', namespace: desk.namespace })
  const attempts = await Promise.all(
    transports.map(({ value }) =>
      developer.kubectl(['port-forward', 'pod/web', ':8080'], {
        env: { KUBECTL_PORT_FORWARD_WEBSOCKETS: value },
      }),
    ),
  )
  await developer.leave()
  expect(attempts.map((it) => it.code)).toEqual([1, 1])
  for (const { stderr } of attempts) expect(stderr).toContain('needs the capability "port-forward"')
})
