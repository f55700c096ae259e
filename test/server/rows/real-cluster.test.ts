import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDesk, type Desk } from '../../support/desk.ts'
import { createPod, realPod } from '../../support/pods.ts'
import { openWorld, type World } from '../../support/world.ts'
import { ask, bearer } from './door.ts'

let world: World
let desk: Desk

beforeAll(async () => {
  world = await openWorld()
  desk = await openDesk(world, { preset: 'operator' })
})
afterAll(async () => {
  await desk.leave()
  await world.stop()
})

describe('a token of the cluster itself', () => {
  // S4-T19
  test.each(['test', 'test@operator', 'nowhere'])(
    'opens nothing at /k8s/%s, though the cluster would take it',
    async (name) => {
      const { cluster, gateway } = world
      const account = `stranger-${randomBytes(3).toString('hex')}`
      const token = await cluster.serviceAccountToken(desk.namespace, account, {
        role: { clusterRole: 'view' },
      })
      const path = `/api/v1/namespaces/${desk.namespace}/pods`
      const { address, caPem } = cluster.handle
      const direct = await ask({ address, caPem }, path, { headers: bearer(token) })
      const through = await ask(gateway, `/k8s/${name}${path}`, { headers: bearer(token) })
      expect([direct.status, through.status]).toEqual([200, 401])
      expect(through.json()).toMatchObject({ kind: 'Status', reason: 'Unauthorized' })
    },
  )
})

describe('streams through the proxy', () => {
  beforeAll(async () => {
    // An echo server that many connections can use, one after the other and at once.
    const script = 'exec nc -ll -p 7000 -e cat'
    await createPod(world.cluster, desk.namespace, realPod('echo', { script, readyPort: 7000 }))
    await world.cluster.waitForPod(desk.namespace, 'echo')
  })

  // S4-T20
  test('carry an exec with its input, output and exit code', async () => {
    const sent = randomBytes(64 * 1024)
    const sum = await desk.kubectl(['exec', '-i', 'echo', '--', 'sha256sum'], { stdin: sent })
    expect(sum).toMatchObject({ code: 0, stdout: `${sha256(sent)}  -\n` })
    const failing = await desk.kubectl(['exec', 'echo', '--', 'sh', '-c', 'exit 5'])
    expect(failing.code).toBe(5)
  })

  // S4-T20
  test('carry a port-forward that goes on: traffic in many rounds, on a connection that stays', async () => {
    const forward = desk.start(['port-forward', 'pod/echo', ':7000'])
    const [, port] = await forward.transcript.shows(/127\.0\.0\.1:(\d+) -> 7000/)
    const socket = connect({ host: '127.0.0.1', port: Number(port) })
    await once(socket, 'connect')
    for (let round = 0; round < 50; round += 1) {
      const sent = randomBytes(round % 10 === 0 ? 256 * 1024 : 512)
      const back = readExactly(socket, sent.length)
      socket.write(sent)
      expect(sha256(await back)).toBe(sha256(sent))
      await turn()
    }
    socket.destroy()
    await forward.stop()
    expect(forward.transcript.text).not.toContain('lost connection')
  })
})

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex')

function readExactly(socket: ReturnType<typeof connect>, length: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let missing = length
  const read = (chunk: Buffer) => {
    chunks.push(chunk)
    missing -= chunk.length
    if (missing <= 0) resolve(Buffer.concat(chunks))
  }
  const gone = () => reject(new Error(`the connection ended with ${missing} bytes missing`))
  socket.on('data', read).once('close', gone)
  return promise.finally(() => socket.off('data', read).off('close', gone))
}
