import { request } from 'node:https'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Gateway as Api } from '#gateway'
import { respondWith, type Respond } from '../../support/recorder.ts'
import { openStream } from '../../support/stream-client.ts'
import {
  expectServing,
  openHostileWorld,
  type HostileWorld,
  type Person,
} from '../hostile/world.ts'

let world: HostileWorld
let person: Person
let api: Api

beforeAll(async () => {
  world = await openHostileWorld()
  person = await world.person()
  api = world.gateway.as(person.token)
})
afterAll(() => world?.stop())

const place = { cluster: 'c1', profile: 'main' }
const object = {
  ...place,
  group: '',
  version: 'v1',
  resource: 'configmaps',
  namespace: 'a',
  name: 'x',
}
const whole = 7.9 * 1024 * 1024

const many = (unit: string, bytes = whole) =>
  Array.from({ length: Math.floor(bytes / (unit.length + 1)) }, () => unit).join()

/** Milliseconds for which the gateway did nothing else at the longest; the cluster is in this process too. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  await work().catch((error: unknown) => expect(error).toMatchObject({ code: 'bad_gateway' }))
  delay.disable()
  return delay.max / 1e6
}

// Seconds and minutes before they were bounded, a fraction of one since: no machine is that slow.
const patience = 2000

describe('whatever a cluster answers in its few megabytes, the gateway goes on serving others', () => {
  const list = (items: string) => respondWith(200, `{"kind":"List","items":[${items}]}`)
  const at =
    (paths: Readonly<Record<string, string>>, others: string): Respond =>
    (asked, socket) =>
      respondWith(200, paths[asked.path.split('?')[0] ?? ''] ?? others)(asked, socket)
  const old = {
    '/api': '{"kind":"APIVersions"}',
    '/apis': '{"groups":[]}',
    '/version': '{"gitVersion":"v1"}',
  }
  const configMap = {
    '/api/v1/namespaces/a/configmaps/x': '{"kind":"ConfigMap","metadata":{"name":"x","uid":"u"}}',
  }
  const names = (letter: string) => Array.from({ length: 30 }, (_, number) => `${letter}${number}`)
  const rule = {
    verbs: ['get'],
    apiGroups: names('g'),
    resources: names('r'),
    resourceNames: ['x'.repeat(7_000_000)],
  }
  const review = { kind: 'SelfSubjectRulesReview', status: { resourceRules: [rule] } }
  const labels = Array.from({ length: 700_000 }, (_, number) => `"${number}":1`).join()

  test.each<readonly [string, Respond, () => Promise<unknown>]>([
    [
      'half a megabyte of kinds, told as old clusters do',
      at(old, `{"resources":[${many('{"name":"a","namespaced":true,"kind":"a"}', 700_000)}]}`),
      () => api.kinds.list(place),
    ],
    ['a list of millions of numbers', list(many('1')), () => api.objects.namespaces(place)],
    ['a list of millions of nothings', list(many('{}')), () => api.objects.events(place)],
    [
      'a page of hundreds of thousands of objects',
      at(configMap, `{"items":[${many('{"metadata":{"name":"a"}}')}]}`),
      () => api.objects.describe(object),
    ],
    [
      'an object with millions of levels',
      respondWith(200, `{"a":${'['.repeat(4e6)}${']'.repeat(4e6)}}`),
      () => api.objects.get(object),
    ],
    [
      'an object with a million labels that are none',
      respondWith(200, `{"kind":"ConfigMap","metadata":{"labels":{${labels}}}}`),
      () => api.objects.describe(object),
    ],
    [
      'rules with one long name',
      respondWith(201, JSON.stringify(review)),
      () => api.rights.rules({ ...place, namespace: 'a' }),
    ],
    [
      'usage of a million pods',
      list(many('{"metadata":{"name":"a"}}', 31e6)),
      () => api.metrics.nodes(place),
    ],
  ])('%s', { timeout: 120_000 }, async (_what, respond, ask) => {
    world.respond(respond)
    expect(await longestBlock(ask)).toBeLessThan(patience)
    await expectServing(world, person)
  })
})

const chunked =
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
/** Each byte as an HTTP chunk of its own. */
const inSingleBytes =
  (bytes: number): Respond =>
  (_request, socket) => {
    const block = Buffer.from('1\r\n\n\r\n'.repeat(10_000))
    let left = bytes / 10_000
    const more = () => {
      for (; left > 0 && !socket.destroyed; left -= 1) if (!socket.write(block)) break
      if (left <= 0) socket.write('0\r\n\r\n')
      else {
        left -= 1
        socket.once('drain', more)
      }
    }
    socket.write(chunked)
    more()
  }

describe('an answer in pieces of one byte costs what its bytes cost', () => {
  test('to kubectl', { timeout: 60_000 }, async () => {
    world.respond(inSingleBytes(500_000))
    let writes = 0
    const { port, caPem } = world.gateway
    await new Promise<void>((resolve, reject) => {
      const headers = { authorization: `Bearer ${person.token}` }
      const path = '/k8s/c1/api/v1/namespaces/a/pods'
      request({ host: '127.0.0.1', port, path, ca: caPem, agent: false, headers }, (answer) => {
        answer.on('data', () => (writes += 1)).once('end', resolve)
      })
        .once('error', reject)
        .end()
    })
    expect(writes).toBeLessThan(20_000)
  })

  test('to a view', { timeout: 60_000 }, async () => {
    world.respond(inSingleBytes(2_000_000))
    const { address, caPem } = world.gateway
    const headers = { authorization: `Bearer ${person.token}` }
    const stream = await openStream({ address, caPem, headers, name: 'views' }, {})
    const before = world.recorder.requests.length
    const block = await longestBlock(async () => {
      const query = { sources: [place], group: 'x.io', version: 'v1', resource: 'widgets' }
      stream.send({ type: 'open', view: 1, query })
      await vi.waitUntil(() => world.recorder.requests.length > before + 1, { timeout: 30_000 })
    })
    expect(block).toBeLessThan(500)
    stream.socket.close()
  })
})
