import { createPublicKey, generateKeyPairSync, type KeyObject, createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  execPath,
  expectRefused,
  expectServing,
  handshake,
  openHostileWorld,
  pods,
  rawHead,
  type HostileWorld,
  type Person,
} from './world.ts'

let world: HostileWorld
let person: Person
let key: KeyObject

beforeAll(async () => {
  world = await openHostileWorld()
  person = await world.person()
  key = createPrivateKey(await readFile(join(world.gateway.folder, 'session-key.pem')))
})
afterAll(() => world.stop())

const host = () => `Host: 127.0.0.1:${world.gateway.port}`
/** A request with a token of the test’s making, or with none. */
const getAs = (...lines: string[]) => rawHead(`GET ${pods} HTTP/1.1`, host(), ...lines)

// 7.7, S4-T03, S4-T04, S4-T05, S4-T10, S4-T12; CVE-2021-36776, GHSA-r5c2-7hp9-v678, kube-oidc-proxy
describe('a client that impersonates is refused, whatever it may do in the cluster', () => {
  test.each([
    ['user', 'Impersonate-User: admin'],
    ['group without user', 'Impersonate-Group: system:masters'],
    ['uid without user', 'impersonate-uid: 1'],
    ['extra without user', 'IMPERSONATE-Extra-Scopes%2f: all'],
    ['unknown', 'Impersonate-Whatever: x'],
    ['bare prefix', 'Impersonate: x'],
    ['mixed case', 'iMpErSoNaTe-UsEr: system:serviceaccount:kube-system:x'],
    ['empty value', 'Impersonate-User:'],
    ['named by Connection', 'Connection: impersonate-user\r\nImpersonate-User: admin'],
  ])('%s', async (_what, line) => {
    await expectRefused(world, await world.ask(person.get(pods, line)), 403)
    await expectRefused(world, await world.askAndClose(person.upgrade(execPath, line)), 403)
    expect(world.seen()).toEqual([])
  })

  test('with an underscore, which some servers read as a hyphen', async () => {
    await expectRefused(world, await world.ask(person.get(pods, 'X_Remote_User: a')), 400)
    await expectRefused(world, await world.ask(person.get(pods, 'Impersonate_User: a')), 403)
    expect(world.seen()).toEqual([])
  })

  test('also where the gateway itself answers: who one is and what one may do', async () => {
    for (const [group, kind] of [
      ['authentication.k8s.io', 'SelfSubjectReview'],
      ['authorization.k8s.io', 'SelfSubjectAccessReview'],
    ]) {
      const body = JSON.stringify({ apiVersion: `${group}/v1`, kind, spec: {} })
      const line = `POST /k8s/c1/apis/${group}/v1/${kind?.toLowerCase()}s`
      const lines = ['Content-Type: application/json', `Content-Length: ${body.length}`]
      const bytes = person.head(line, ...lines, 'Impersonate-User: admin') + body
      await expectRefused(world, await world.ask(bytes), 403)
    }
    expect(world.seen()).toEqual([])
  })
})

// S4-T02: impersonation has no allowed form here; who one is comes from the profile alone
test('the identity upstream is the profile’s and nothing else', async () => {
  expect((await world.ask(person.get(pods))).status).toBe(200)
  const [request] = world.seen()
  expect(request?.header('authorization')).toBe(`Bearer ${world.credential}`)
  expect(request?.raw.toLowerCase()).not.toContain('impersonate')
  expect(request?.raw).not.toContain(person.token)
})

// 7.8; CVE-2021-31999
test('what Connection names is dropped, what the gateway injects is not', async () => {
  const answer = await world.ask(
    person.get(
      pods,
      'Connection: authorization, impersonate-user, x-forwarded-for, content-length, audit-id, host',
      'Kubectl-Command: kept',
    ),
  )
  expect(answer.status).toBe(200)
  const [request, ...others] = world.seen()
  expect(others).toEqual([])
  expect(request?.header('authorization')).toBe(`Bearer ${world.credential}`)
  expect(request?.header('x-forwarded-for')).toBe('127.0.0.1')
  expect(request?.header('audit-id')).toBe(answer.header('audit-id'))
  expect(request?.header('host')).toBe(world.recorder.host)
  expect(request?.header('kubectl-command')).toBe('kept')
})

// 7.22, S3-T17, S4-T15; CVE-2026-61682, CVE-2026-17107, CVE-2025-54468, CVE-2026-88811, CVE-2025-49825
describe('a header that claims an identity, an origin or another target', () => {
  const claims = [
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Proto: http',
    'X-Forwarded-Uri: /api/v1/secrets',
    'Forwarded: for=10.0.0.1;host=evil.example',
    'X-Real-Ip: 10.0.0.1',
    'X-Original-URL: /api/v1/secrets',
    'X-Rewrite-URL: /api/v1/secrets',
    'X-HTTP-Method-Override: DELETE',
    'X-Remote-User: system:admin',
    'X-Remote-Group: system:masters',
    'X-Remote-Extra-Scopes: all',
    'X-Remote-Uid: 0',
    'Audit-ID: ../../x',
    'Cookie: session=secret',
    'Proxy-Authorization: Basic eDp5',
    'X-Anything: else',
  ]

  test.each([
    ['an ordinary call', pods],
    ['a call for a program behind a proxy', '/k8s/c1/api/v1/namespaces/a/services/s/proxy/x'],
  ])('never arrives with %s', async (_what, path) => {
    const answer = await world.ask(person.get(path, ...claims))
    expect(answer.status).toBe(200)
    const [request, ...others] = world.seen()
    expect(others).toEqual([])
    const names = request?.headers.map(([name]) => name.toLowerCase()) ?? []
    const claimed = claims.map((it) => it.split(':', 1)[0]?.toLowerCase() ?? '')
    const own = ['audit-id', ...(path === pods ? [] : ['x-anything'])]
    expect(names.filter((it) => claimed.includes(it) && !own.includes(it))).toEqual([])
    expect(names.filter((it) => it === 'audit-id')).toHaveLength(1)
    expect(request?.header('audit-id')).toBe(answer.header('audit-id'))
    expect(request?.method).toBe('GET')
  })

  // S4-T15
  test.each([
    ['none', []],
    ['empty', ['X-Forwarded-For:']],
    ['equal to the remote address', ['X-Forwarded-For: 127.0.0.1']],
    ['another', ['X-Forwarded-For: 10.0.0.1']],
    ['the remote address at the end', ['X-Forwarded-For: 10.0.0.1, 127.0.0.1']],
    ['the remote address at the start', ['X-Forwarded-For: 127.0.0.1, 10.0.0.1']],
    ['twice', ['X-Forwarded-For: 10.0.0.1', 'X-Forwarded-For: 10.0.0.2']],
  ])('X-Forwarded-For upstream is the caller’s address when it came with %s', async (_, lines) => {
    const answer = await world.ask(person.get(pods, ...lines))
    const [request] = world.seen()
    const sent = request?.headers.filter(([name]) => name.toLowerCase() === 'x-forwarded-for')
    expect(sent?.map(([, value]) => value)).toEqual(['127.0.0.1'])
    const [record] = await world.records(answer.header('audit-id'))
    expect(record?.source).toBe('127.0.0.1')
  })
})

// 7.9, S4-T14
describe('the bearer', () => {
  const refused: [string, (token: string) => string[]][] = [
    ['no header', () => []],
    ['an empty one', () => ['Authorization:']],
    ['the word alone', () => ['Authorization: bearer']],
    ['no space', (token) => [`Authorization: bearer${token}`]],
    ['not first', (token) => [`Authorization: x Bearer ${token}`]],
    ['something behind it', (token) => [`Authorization: Bearer ${token} other`]],
    ['two spaces', (token) => [`Authorization: Bearer  ${token}`]],
    ['Basic', (token) => [`Authorization: Basic ${btoa(`x:${token}`)}`]],
    ['two headers', (token) => [`Authorization: Bearer ${token}`, 'Authorization: Bearer x']],
    ['two equal headers', (token) => Array<string>(2).fill(`Authorization: Bearer ${token}`)],
    ['a list', (token) => [`Authorization: Bearer ${token}, Bearer ${token}`]],
    ['a cookie instead', (token) => [`Cookie: __Host-gatehouse=${token}`]],
  ]
  test.each(refused)('is not accepted as %s', async (_what, lines) => {
    const answer = await world.ask(getAs(...lines(person.token)))
    expect([answer.status, answer.json()['reason']]).toEqual([401, 'Unauthorized'])
    expect(world.seen()).toEqual([])
  })

  test('is not read from the query', async () => {
    const line = `GET ${pods}?access_token=${person.token} HTTP/1.1`
    expect((await world.ask(rawHead(line, host()))).status).toBe(401)
    expect(world.seen()).toEqual([])
  })

  test('with a cookie of the gateway beside it is a bad request', async () => {
    const answer = await world.ask(person.get(pods, 'Cookie: __Host-gatehouse=x'))
    expect(answer.status).toBe(400)
    expect(world.seen()).toEqual([])
  })

  test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('is accepted as %s', async (scheme) => {
    const answer = await world.ask(getAs(`Authorization: ${scheme} ${person.token}`))
    expect(answer.status).toBe(200)
    expect(world.seen()).toHaveLength(1)
  })
})

// S3-T08, 7.25; GHSA-4xh5-jcj2-ch8q, CVE-2025-14269, GHSA-rp4v-hhm6-rcv9
describe('a token that the gateway did not make as it stands', () => {
  const forge = async (
    claims: Record<string, unknown>,
    { alg = 'EdDSA', by = key }: { alg?: string; by?: KeyObject | Uint8Array } = {},
  ) => {
    const { kid = '' } = decodeProtectedHeader(person.token)
    return new SignJWT({ ...decodeJwt(person.token), ...claims })
      .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
      .sign(by)
  }
  const strange = generateKeyPairSync('ed25519').privateKey
  const publicPem = () =>
    Buffer.from(createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString())
  const flipped = (token: string) => {
    const at = token.lastIndexOf('.') + 10
    const other = token[at] === 'A' ? 'B' : 'A'
    return token.slice(0, at) + other + token.slice(at + 1)
  }
  const otherCase = (token: string) => token.slice(0, 40) + swapCase(token.slice(40))
  const swapCase = (text: string) =>
    text.replaceAll(/[a-z]/gi, (it) =>
      it === it.toLowerCase() ? it.toUpperCase() : it.toLowerCase(),
    )
  const past = Math.floor(Date.now() / 1000) - 1

  const forgeries: [string, () => Promise<string> | string][] = [
    ['a changed signature', () => flipped(person.token)],
    ['another key', () => forge({}, { by: strange })],
    ['HS256 with the public key', () => forge({}, { alg: 'HS256', by: publicPem() })],
    ['alg none', () => new UnsecuredJWT(decodeJwt(person.token)).encode()],
    ['an empty subject', () => forge({ sub: '' })],
    ['a blank subject', () => forge({ sub: ' ' })],
    ['another person’s subject', () => forge({ sub: crypto.randomUUID() })],
    ['another case', () => otherCase(person.token)],
    ['padding', () => `${person.token}=`],
    ['the console’s audience', () => forge({ aud: 'gatehouse-console' })],
    ['an expiry in the past', () => forge({ exp: past })],
    ['no expiry', () => forge({ exp: undefined })],
  ]
  // Also asked again at once: what was remembered of the first answer is the same answer.
  test.each(forgeries)('is refused: %s', async (_what, make) => {
    const line = `Authorization: Bearer ${await make()}`
    expect((await world.ask(getAs(line))).status).toBe(401)
    expect((await world.ask(getAs(line))).status).toBe(401)
    expect(
      (await world.askAndClose(rawHead(`GET ${execPath} HTTP/1.1`, host(), line, ...handshake)))
        .status,
    ).toBe(401)
    expect(world.seen()).toEqual([])
  })

  // Forks of kube-oidc-proxy: system:masters from claims
  test('and claims of groups in a token of ours change nothing', async () => {
    const token = await forge({ groups: ['system:masters'], admin: true })
    const answer = await world.ask(getAs(`Authorization: Bearer ${token}`))
    expect(answer.status).toBe(200)
    const [request] = world.seen()
    expect(request?.raw).not.toContain('masters')
    const me = await world.gateway.as(token).persons.me({})
    expect(me).toMatchObject({ id: person.id, admin: false })
  })
})

// 7.25; CVE-2026-44945, CVE-2021-25320, CVE-2026-16158
describe('what one person was answered', () => {
  test('is not given to another who names the same cluster, path and ETag', async () => {
    const stranger = await world.person({ namespaces: ['elsewhere'] })
    const asked = person.get(pods, 'If-None-Match: "etag-1"')
    expect((await world.ask(asked)).status).toBe(200)
    expect(world.seen()).toHaveLength(1)
    const refusal = await world.ask(stranger.get(pods, 'If-None-Match: "etag-1"'))
    await expectRefused(world, refusal, 403)
    expect(world.seen()).toEqual([])
  })

  // CVE-2025-14269
  test('is not given to who names nobody, with whatever was remembered', async () => {
    expect((await world.ask(person.get(pods))).status).toBe(200)
    world.seen()
    expect((await world.ask(getAs())).status).toBe(401)
    expect((await world.ask(getAs('Authorization: Bearer undefined'))).status).toBe(401)
    expect(world.seen()).toEqual([])
  })

  test('is asked of the cluster each time, with the precondition as it came', async () => {
    for (const _ of [1, 2]) await world.ask(person.get(pods, 'If-None-Match: "etag-1"'))
    expect(world.seen().map((it) => it.header('if-none-match'))).toEqual(['"etag-1"', '"etag-1"'])
  })

  test('by one cluster is not reached by a grant on another', async () => {
    const { address } = world.recorder
    const caPem = world.authority.caPem
    await world.api.clusters.register({ id: 'c2', name: 'Two', address, caPem })
    await world.api.profiles.createStatic({ clusterId: 'c2', name: 'main', token: 'other-token' })
    world.seen()
    for (const cluster of ['c2', 'c2@main', 'nowhere', 'c1@other']) {
      const answer = await world.ask(person.get(`/k8s/${cluster}/api/v1/pods`))
      await expectRefused(world, answer, 403)
    }
    expect(world.seen()).toEqual([])
  })
})

// CVE-2026-16158: keys that run together when they are joined without a delimiter
test('names that run together mix neither clusters nor credentials', async () => {
  const { address } = world.recorder
  const caPem = world.authority.caPem
  const pairs = [
    ['a', 'b-c'],
    ['a-b', 'c'],
    ['a', 'b'],
    ['a-b-c', 'x'],
  ] as const
  for (const cluster of new Set(pairs.map(([it]) => it)))
    await world.api.clusters.register({ id: cluster, name: cluster, address, caPem })
  for (const [clusterId, name] of pairs) {
    const token = `of-${clusterId}-as-${name}`
    const { id: profileId } = await world.api.profiles.createStatic({ clusterId, name, token })
    await world.api.grants.create({ personId: person.id, profileId, preset: 'viewer' })
  }
  world.seen()
  // Twice: the second time everything is remembered.
  for (const [cluster, profile] of [...pairs, ...pairs]) {
    await world.ask(person.get(`/k8s/${cluster}@${profile}/api/v1/pods`))
    const sent = world.seen().map((it) => it.header('authorization'))
    expect(sent).toEqual([`Bearer of-${cluster}-as-${profile}`])
  }
})

test('the first twenty of these strangers are on record with their source and the reason', async () => {
  const { events } = await world.api.events.list({
    action: 'proxy',
    result: 'refused',
    limit: 1000,
  })
  const strangers = events.filter((it) => it.person === undefined)
  // The others of this minute are counted.
  expect(strangers.length).toBeGreaterThanOrEqual(20)
  expect(strangers.every((it) => it.source === '127.0.0.1' && it.reason !== undefined)).toBe(true)
})

test('after all of them an ordinary call is served', async () => {
  await expectServing(world, person)
})
