import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAuthority } from '../../support/cluster/certificates.ts'
import { respondWith, startRecorder, type Recorder } from '../../support/recorder.ts'
import { openUpstreamWorld } from '../../support/upstreams.ts'
import { good, openHostileWorld, pods, type HostileWorld, type Person } from './world.ts'

let world: HostileWorld
let person: Person

beforeAll(async () => {
  world = await openHostileWorld()
  person = await world.person()
})
afterAll(() => world.stop())

const register = (address: string, more: Record<string, string> = {}) =>
  world.api.clusters.register({ id: 'x1', name: 'X', address, ...more })

const closed = { code: 'invalid_input', message: expect.stringMatching(/address/) as string }

// 7.23; CVE-2020-8561, CVE-2019-14435
describe('an address that is no cluster’s is refused and nothing is written', () => {
  test.each([
    'https://127.0.0.1:1',
    'https://localhost:1',
    'https://[::1]:1',
    'https://[::ffff:127.0.0.1]:1',
    'https://169.254.169.254',
    'https://[::ffff:169.254.169.254]',
    'https://[::ffff:a9fe:a9fe]',
    'https://[64:ff9b::a9fe:a9fe]',
    'https://2852039166',
    'https://2130706433:1',
    'https://0x7f000001:1',
    'https://0177.0.0.1:1',
    'https://127.1:1',
    'https://0.0.0.0:1',
    'https://[fe80::1]',
    'http://example.test',
    'https://user:pass@example.test',
    'https://example.test/?x',
    'https://example.test/#x',
    'https://example.test\\@evil.test',
    'https://example.test/../x',
    'ftp://example.test',
  ])('%s', async (address) => {
    await expect(register(address)).rejects.toMatchObject(closed)
    const ids = (await world.api.clusters.list({})).map((it) => it.id)
    expect(ids).toEqual(['c1'])
  })

  test('the gateway itself', async () => {
    await expect(register(world.gateway.address)).rejects.toMatchObject(closed)
  })

  test('also as the way there: a proxy is held to the same', async () => {
    const attempt = register('https://cluster.example.test', { proxyUrl: 'http://169.254.169.254' })
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('and each attempt is on record, with its reason', async () => {
    const { events } = await world.api.events.list({ action: 'clusters.register', limit: 1000 })
    const refused = events.filter((it) => it.result === 'refused')
    expect(refused.length).toBeGreaterThanOrEqual(24)
    expect(refused.every((it) => it.person === 'root' && it.status === 400 && it.reason)).toBe(true)
  })
})

// 7.23; CVE-2020-8562
test('a name that rebinds is connected to where it was judged, or not at all', async () => {
  const recorder = await startRecorder({
    tls: await world.authority.certificateFor(['rebind.example.test']),
    respond: respondWith(200, '{"gitVersion":"v1.35.0"}'),
  })
  const answers = [['203.0.113.7'], ['127.0.0.1']]
  const asked: string[] = []
  const upstream = await openUpstreamWorld({
    resolve: (hostname) => {
      asked.push(hostname)
      return Promise.resolve(answers[asked.length - 1] ?? ['127.0.0.1'])
    },
  })
  try {
    const address = `https://rebind.example.test:${recorder.port}`
    const { caPem } = world.authority
    const input = { id: 'r1', name: 'R', address, caPem }
    // Judged as public and connected to there, where nobody answers; then judged as loopback.
    await expect(upstream.clusters.register(input, upstream.admin)).rejects.toMatchObject({
      name: 'AppError',
    })
    await expect(upstream.clusters.register(input, upstream.admin)).rejects.toMatchObject({
      code: 'invalid_input',
    })
    expect(recorder.accepted()).toBe(0)
  } finally {
    await upstream.end()
    await recorder.stop()
  }
}, 30_000)

// 7.23: exec, tokenFile, proxy-url in a pasted kubeconfig
describe('a kubeconfig that would run or read something is refused by name', () => {
  const kubeconfig = (user: object, cluster: object = {}) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'c',
          cluster: {
            server: world.recorder.address,
            'certificate-authority-data': Buffer.from(world.authority.caPem).toString('base64'),
            ...cluster,
          },
        },
      ],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'here',
    })

  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch', args: ['/tmp/x'] }
  const hostile: [string, object, object?][] = [
    ['exec', { exec }],
    ['auth-provider', { 'auth-provider': { name: 'gcp', config: { 'cmd-path': '/bin/sh' } } }],
    ['tokenFile', { tokenFile: '/etc/shadow' }],
    ['client-key', { 'client-certificate': '/etc/passwd', 'client-key': '/etc/shadow' }],
    ['certificate-authority', { token: 't' }, { 'certificate-authority': '/etc/passwd' }],
    ['insecure-skip-tls-verify', { token: 't' }, { 'insecure-skip-tls-verify': true }],
    ['proxy-url', { token: 't' }, { 'proxy-url': 'socks5://169.254.169.254:80' }],
  ]
  test.each(hostile)('%s', async (_what, user, cluster) => {
    world.seen()
    const accepted = world.recorder.accepted()
    const text = kubeconfig(user, cluster)
    const input = { kubeconfig: text, context: 'here', id: 'k1', name: 'K' }
    await expect(world.api.clusters.importContext(input)).rejects.toMatchObject({
      code: 'invalid_input',
    })
    const [context] = await world.api.clusters.inspectKubeconfig({ kubeconfig: text })
    expect(context?.refused).toBeTruthy()
    expect(world.recorder.accepted()).toBe(accepted)
  })
})

// CVE-2026-107318, 7.23
describe('a token is sent to nobody who has not proved to be the cluster', () => {
  let impostor: Recorder
  beforeAll(async () => {
    const strange = await makeAuthority('Somebody else')
    impostor = await startRecorder({ tls: await strange.certificateFor(['127.0.0.1']) })
  })
  afterAll(() => impostor.stop())

  test('neither under another authority nor under another name', async () => {
    const place = await openHostileWorld({ allow: [impostor.host] })
    try {
      const { caPem } = place.authority
      const keeper = { keeperToken: 'secret', keeperNamespace: 'keepers' }
      const wrong = { id: 'w1', name: 'W', address: impostor.address, caPem, ...keeper }
      await expect(place.api.clusters.register(wrong)).rejects.toMatchObject({
        code: 'bad_gateway',
      })
      const named = { ...wrong, address: place.recorder.address, serverName: 'other.example.test' }
      await expect(place.api.clusters.register(named)).rejects.toMatchObject({
        code: 'bad_gateway',
      })
      expect(impostor.text()).toBe('')
      expect(place.recorder.text()).not.toContain('secret')
    } finally {
      await place.stop()
    }
  })
})

// 7.23: CA swap
test('a cluster whose authority is swapped keeps no credential that was pasted for the old one', async () => {
  const swapped = await makeAuthority('Swapped')
  const place = await startRecorder({
    tls: await swapped.certificateFor(['127.0.0.1']),
    respond: (request, socket) => {
      const version = respondWith(200, '{"gitVersion":"v1.35.0"}')
      const answer = request.path === '/version' ? version : good
      answer(request, socket)
    },
  })
  const own = await openHostileWorld({ allow: [place.host] })
  try {
    const someone = await own.person()
    expect((await own.ask(someone.get(pods))).status).toBe(200)
    await own.api.clusters.update({ id: 'c1', address: place.address, caPem: swapped.caPem })
    const answer = await own.ask(someone.get(pods))
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(place.text()).not.toContain(own.credential)
  } finally {
    await own.stop()
    await place.stop()
  }
})

// CVE-2025-25320 and the like: who may not register may not test either
test('only an administrator names addresses', async () => {
  const api = world.gateway.as(person.token)
  const { address } = world.recorder
  world.seen()
  const connections = world.recorder.accepted()
  const forbidden = { code: 'forbidden' }
  await expect(api.clusters.test({ address })).rejects.toMatchObject(forbidden)
  const input = { id: 'p1', name: 'P', address }
  await expect(api.clusters.register(input)).rejects.toMatchObject(forbidden)
  await expect(api.clusters.update({ id: 'c1', address })).rejects.toMatchObject(forbidden)
  expect(world.recorder.accepted()).toBe(connections)
})
