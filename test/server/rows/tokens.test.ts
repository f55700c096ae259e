import { createPrivateKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHostileWorld, pods, type HostileWorld, type Person } from '../hostile/world.ts'
import { ask, bearer } from './door.ts'

let world: HostileWorld
let person: Person
let key: KeyObject

beforeAll(async () => {
  world = await openHostileWorld()
  person = await world.person()
  key = createPrivateKey(await readFile(join(world.gateway.folder, 'session-key.pem')))
})
afterAll(() => world.stop())

/** A token like the person’s own, with these claims; signed by the gateway’s key unless told otherwise. */
const tokenWith = (claims: Record<string, unknown>, by: KeyObject = key) =>
  new SignJWT({ ...decodeJwt(person.token), ...claims })
    .setProtectedHeader({ ...decodeProtectedHeader(person.token), alg: 'EdDSA' })
    .sign(by)

const strange = generateKeyPairSync('ed25519').privateKey
const past = Math.floor(Date.now() / 1000) - 10

/** Both doors: the gateway’s own operations and the clusters behind it. */
const knock = async (headers: Record<string, string>) => {
  world.seen()
  const [api, cluster] = await Promise.all([
    ask(world.gateway, '/api/me', { headers }),
    ask(world.gateway, pods, { headers }),
  ])
  return { api, cluster, statuses: [api.status, cluster.status], upstream: world.seen() }
}

test('a token as these tests make it opens both doors when nothing about it is wrong', async () => {
  const { statuses, upstream } = await knock(bearer(await tokenWith({})))
  expect(statuses).toEqual([200, 200])
  expect(upstream).toHaveLength(1)
})

describe('a call is refused, and never travels', () => {
  // S1-T04
  test('without a token, and says how to send one', async () => {
    const { api, cluster, statuses, upstream } = await knock({})
    expect([statuses, upstream]).toEqual([[401, 401], []])
    expect(api.headers['www-authenticate']).toMatch(/^Bearer /)
    expect(cluster.headers['www-authenticate']).toMatch(/^Bearer /)
  })

  const bad: [string, () => Promise<string> | string][] = [
    ['expired', () => tokenWith({ exp: past })],
    ['with an altered signature', () => altered(person.token)],
    ['with alg none', () => new UnsecuredJWT(decodeJwt(person.token)).encode()],
    ['of another key', () => tokenWith({}, strange)],
  ]
  // S1-T04
  test.each(bad)('with a token that is %s', async (_what, make) => {
    const { statuses, upstream } = await knock(bearer(await make()))
    expect([statuses, upstream]).toEqual([[401, 401], []])
  })

  const unknown: [string, () => Promise<Record<string, string>> | Record<string, string>][] = [
    ['no token', () => ({})],
    ['an empty token', () => ({ authorization: 'Bearer ' })],
    ['garbage', () => bearer('garbage')],
    ['a session that has ended', async () => bearer(await endedSession())],
    ['a person who was removed', async () => bearer(await removedPerson())],
    ['a session that cannot be looked up', async () => bearer(await noSession())],
  ]
  // S4-T01
  test.each(unknown)('with %s, as Kubernetes would say it', async (_what, make) => {
    const { statuses, cluster, upstream } = await knock(await make())
    expect([statuses, upstream]).toEqual([[401, 401], []])
    expect(cluster.json()).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 })
  })

  // S4-T06: nobody has no rights to be refused; a token that names nobody is none of ours
  test.each([
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a name for a subject', { sub: 'admin' }],
  ])('with a well signed token that has %s', async (_what, claims) => {
    const { statuses, upstream } = await knock(bearer(await tokenWith(claims)))
    expect([statuses, upstream]).toEqual([[401, 401], []])
  })
})

function altered(token: string): string {
  const at = token.lastIndexOf('.') + 10
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

async function endedSession(): Promise<string> {
  const { accessToken } = await world.gateway.signIn(person.name, person.password)
  await world.gateway.as(accessToken).sessions.signOut({})
  return accessToken
}

async function removedPerson(): Promise<string> {
  const { id, token } = await world.person()
  await world.api.persons.remove({ id })
  return token
}

const noSession = () => {
  const sid = randomUUID()
  return tokenWith({ sid, jti: `${sid}.1` })
}
