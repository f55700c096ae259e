import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gatewayApi } from '#gateway'
import type { Operation } from '#gateway/operation.ts'
import { atPlace } from '#gateway/place.ts'
import { openHostileWorld, pods, type HostileWorld, type Person } from '../hostile/world.ts'
import { administrator } from '../../support/gateway.ts'
import { ask, bearer, type Answer } from './door.ts'

let world: HostileWorld
let person: Person
let root: { readonly accessToken: string; readonly refreshToken: string }

beforeAll(async () => {
  world = await openHostileWorld()
  person = await world.person()
  root = await world.gateway.signIn(administrator.name, administrator.password)
})
afterAll(() => world.stop())

const operations = Object.entries(gatewayApi).flatMap(([group, calls]) =>
  Object.entries(calls as Record<string, Operation>).map(([member, op]) => ({
    ...op,
    action: `${group}.${member}`,
  })),
)

/** Asks an operation with ids that could exist and nothing else. */
const askFor = (
  { method, path }: Pick<Operation, 'method' | 'path'>,
  headers: Record<string, string>,
) => {
  const filled = path.replace(/:clusterId|clusters\/:id/g, (it) =>
    it[0] === ':' ? 'c1' : 'clusters/c1',
  )
  const whole = `/api${filled.replace(/:\w+/g, world.profileId)}`
  const hasBody = method === 'POST' || method === 'PATCH'
  return ask(world.gateway, whole, { method, headers, ...(hasBody && { body: {} }) })
}

describe('what needs an administrator', () => {
  const guarded = [
    ...operations.filter((it) => it.needs === 'admin'),
    { action: 'events.export', method: 'GET', path: '/events/export' } as const,
  ]

  // S1-T24
  test.each(guarded)(
    '$action: a person is forbidden, a stranger is asked to sign in',
    async (op) => {
      const [forbidden, unknown, wrong] = [
        await askFor(op, bearer(person.token)),
        await askFor(op, {}),
        await askFor(op, bearer('no-such-token')),
      ]
      expect([forbidden.status, unknown.status, wrong.status]).toEqual([403, 401, 401])
      expect(forbidden.json()).toMatchObject({ code: 'forbidden' })
      const records = await world.records(String(forbidden.headers['audit-id']))
      expect(records).toMatchObject([
        { phase: 'event', action: op.action, result: 'refused', status: 403, person: person.name },
      ])
    },
  )

  // S1-T24
  test('left everything as it was', async () => {
    const names = (await world.api.persons.list({})).map((it) => it.name)
    expect(names.toSorted()).toEqual([person.name, administrator.name].toSorted())
    expect(await world.api.profiles.list({ clusterId: 'c1' })).toHaveLength(1)
    expect(await world.api.grants.list({})).toHaveLength(1)
  })
})

describe('what is listed', () => {
  // S1-T25
  test('holds no authority, no credential, no token and no password', async () => {
    const keeper = world.credential.replace('credential', 'keeper')
    await world.api.profiles.createStatic({ clusterId: 'c1', name: 'second', token: keeper })
    await ask(world.gateway, pods, { headers: bearer(person.token) })
    // What is read from a cluster is another matter: it needs a grant, and has tests of its own.
    const lists = operations.filter(
      (it) =>
        it.method === 'GET' && it.action !== 'entry.status' && !it.path.startsWith(`${atPlace}/`),
    )
    const headers = bearer(root.accessToken)
    const answers: Record<string, Answer> = {}
    for (const op of lists) answers[op.action] = await askFor(op, headers)
    answers['export'] = await ask(world.gateway, '/api/events/export', { headers })
    answers['everyone'] = await ask(world.gateway, '/api/sessions?everyone=true', { headers })
    expect(new Set(Object.values(answers).map((it) => it.status))).toEqual(new Set([200]))
    const secrets = [
      world.credential,
      keeper,
      person.token,
      person.password,
      root.accessToken,
      root.refreshToken,
      administrator.password,
      world.authority.caPem.split('\n')[1] ?? '',
    ]
    for (const [action, { text }] of Object.entries(answers)) {
      expect(
        secrets.filter((it) => text.includes(it)),
        action,
      ).toEqual([])
      expect(text, action).not.toMatch(/argon2|gh1\.|ghr_|eyJ|BEGIN CERTIFICATE|PRIVATE KEY/)
    }
    // They are the real lists, not empty ones.
    expect(answers['profiles.list']?.text).toContain('"second"')
    expect(answers['clusters.list']?.json()).toMatchObject([
      { id: 'c1', caFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ])
    expect(answers['persons.list']?.text).toContain(person.name)
  })
})

// S1-T34: no origin is ever let in, so there is nothing to list
describe('a page of another origin', () => {
  const port = () => world.gateway.port
  const doors = [
    ['GET', '/'],
    ['GET', '/api/status'],
    ['GET', '/api/me'],
    ['POST', '/api/sign-in'],
    ['OPTIONS', '/api/sign-in'],
    ['OPTIONS', '/api/me'],
    ['GET', pods],
    ['OPTIONS', pods],
    ['GET', '/nothing'],
  ] as const
  const crossOrigin = (headers: Answer['headers']) =>
    Object.keys(headers).filter((it) => it.startsWith('access-control-'))

  // S1-T34
  test.each(doors)(
    'is refused at %s %s and gets no header that lets it read',
    async (method, path) => {
      const origins = [
        'https://evil.example',
        'http://localhost',
        'null',
        `http://127.0.0.1:${port()}`,
        `https://127.0.0.1:${port()}.evil.example`,
      ]
      for (const origin of origins) {
        const headers = { ...bearer(person.token), origin, 'access-control-request-method': 'POST' }
        const answer = await ask(world.gateway, path, { method, headers })
        expect([origin, answer.status, crossOrigin(answer.headers)]).toEqual([origin, 403, []])
      }
    },
  )

  // S1-T34
  test.each(doors)(
    'is let in by no header either at %s %s when it is our own',
    async (method, path) => {
      const headers = { ...bearer(person.token), origin: world.gateway.address }
      const answer = await ask(world.gateway, path, { method, headers })
      expect(crossOrigin(answer.headers)).toEqual([])
      const plain = await ask(world.gateway, path, { method, headers: bearer(person.token) })
      expect([answer.status, crossOrigin(plain.headers)]).toEqual([plain.status, []])
    },
  )
})
