import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Person } from '../../../server/models/person.ts'
import type { DeviceSession, Identity } from '../../../server/access/index.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { createWorld, memoryKeys, signingKey, type World } from './world.ts'

let home: DatabaseHome
let world: World
let ada: Person
let opened: DeviceSession

beforeAll(async () => {
  home = await (dialects[0] as (typeof dialects)[number]).home()
  world = await createWorld(await home.fresh())
  ada = await world.addPerson('ada')
  opened = await world.open(ada)
})
afterAll(async () => {
  await world.end()
  await home.end()
})

const authenticate = async (
  token: string,
  audience: 'gatehouse' | 'gatehouse-console' = 'gatehouse',
) => world.access.authenticate(token, audience)

const refused = { name: 'AppError', code: 'unauthenticated' }

interface Forgery {
  readonly header?: Record<string, string>
  readonly claims?: Record<string, unknown>
  readonly key?: KeyObject | Uint8Array
}

/** A token as the gateway makes it, but for what is named. */
async function forge({ header = {}, claims = {}, key = world.key }: Forgery): Promise<string> {
  const real = { ...decodeJwt(opened.accessToken), ...claims }
  const payload = Object.fromEntries(Object.entries(real).filter(([, it]) => it !== undefined))
  const { kid = '' } = decodeProtectedHeader(opened.accessToken)
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt', ...header })
    .sign(key)
}

test('an access token names its person and session and carries nothing else', async () => {
  const claims = decodeJwt(opened.accessToken)
  expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'jti', 'sid', 'sub'])
  expect(claims).toMatchObject({ sub: ada.id, sid: opened.session.id, aud: 'gatehouse' })
  expect(decodeProtectedHeader(opened.accessToken)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' })
  const identity = await authenticate(opened.accessToken)
  expect(identity).toMatchObject({
    person: { id: ada.id, name: 'ada', admin: false },
    session: { id: opened.session.id, kind: 'device' },
  })
})

test('a token as the forger makes it is accepted when nothing is changed', async () => {
  await expect(authenticate(await forge({}))).resolves.toMatchObject({ person: { id: ada.id } })
})

const another = randomUUID()
const past = Math.floor(Date.now() / 1000) - 1
const publicPem = () => createPublicKey(world.key).export({ type: 'spki', format: 'pem' })
const altered = (token: string, at: number) => {
  const parts = token.split('.')
  const part = parts[at] ?? ''
  const middle = Math.floor(part.length / 2)
  parts[at] = part.slice(0, middle) + (part[middle] === 'A' ? 'B' : 'A') + part.slice(middle + 1)
  return parts.join('.')
}

const forgeries: Record<string, () => string | Promise<string>> = {
  'an empty token': () => '',
  'what is no token': () => 'a.b.c',
  'a very long token': () => `${opened.accessToken}${'A'.repeat(4000)}`,
  'alg none': () => new UnsecuredJWT(decodeJwt(opened.accessToken)).encode(),
  'HS256 with the public key as its secret': () =>
    forge({ header: { alg: 'HS256' }, key: Buffer.from(publicPem()) }),
  'another key under our kid': () => forge({ key: signingKey() }),
  'a kid that we do not know': () => forge({ header: { kid: 'other' } }),
  'another type of token': () => forge({ header: { typ: 'JWT' } }),
  'an altered payload': () => altered(opened.accessToken, 1),
  'an altered signature': () => altered(opened.accessToken, 2),
  'an expired token': () => forge({ claims: { exp: past } }),
  'a token without exp': () => forge({ claims: { exp: undefined } }),
  'a token without sub': () => forge({ claims: { sub: undefined } }),
  'a token without sid': () => forge({ claims: { sid: undefined } }),
  'a token without jti': () => forge({ claims: { jti: undefined } }),
  'another person': () => forge({ claims: { sub: another } }),
  'a session that does not exist': () => forge({ claims: { sid: another, jti: `${another}.1` } }),
  'a jti of another session': () => forge({ claims: { jti: `${another}.1` } }),
  'a generation from the future': () => forge({ claims: { jti: `${opened.session.id}.2` } }),
  'another audience': () => forge({ claims: { aud: 'gatehouse-console' } }),
  'two audiences': () => forge({ claims: { aud: ['gatehouse', 'gatehouse-console'] } }),
  'a refresh token': () => opened.refreshToken,
}

test.each(Object.keys(forgeries))('%s is refused, the second time as well', async (name) => {
  const token = (await forgeries[name]?.()) ?? ''
  await expect(authenticate(token)).rejects.toMatchObject(refused)
  await expect(authenticate(token)).rejects.toMatchObject(refused)
})

test('a console token opens the console only, and a session has one kind of token', async () => {
  const { token, session } = await world.openConsole(ada)
  await expect(authenticate(token, 'gatehouse-console')).resolves.toMatchObject({
    session: { id: session.id, kind: 'console' },
  })
  await expect(authenticate(token)).rejects.toMatchObject(refused)
  await expect(authenticate(opened.accessToken, 'gatehouse-console')).rejects.toMatchObject(refused)
  const crossed = await forge({ claims: { aud: 'gatehouse-console' } })
  await expect(authenticate(crossed, 'gatehouse-console')).rejects.toMatchObject(refused)
})

test('a token is checked in memory after its first time, and still refused once its session ends', async () => {
  const { accessToken, session } = await world.open(ada)
  await authenticate(accessToken)
  const again = world.access.authenticate(accessToken, 'gatehouse')
  expect(again).not.toBeInstanceOf(Promise)
  expect((again as Identity).session.id).toBe(session.id)
  await world.access.sessions.revoke(session.id)
  expect(() => world.access.authenticate(accessToken, 'gatehouse')).toThrow('Sign in first')
})

test('a remembered token ends at its exp', async () => {
  const { accessToken, accessExpiresAt } = await world.open(ada)
  const start = world.clock.now
  world.clock.now = accessExpiresAt.getTime() - 2000
  await authenticate(accessToken)
  world.clock.now = accessExpiresAt.getTime() + 1
  await expect(authenticate(accessToken)).rejects.toMatchObject(refused)
  world.clock.now = start
})

test('tokens of an older key are good while its public half is listed; new ones use the new key', async () => {
  const url = await home.fresh()
  const [old, keys] = [signingKey(), memoryKeys()]
  const before = await createWorld(url, { key: old, keys })
  const { accessToken } = await before.open(await before.addPerson('grace'))
  await before.end()

  const read = async (olderKeys: KeyObject[]) => {
    const after = await createWorld(url, { key: signingKey(), olderKeys, keys })
    const grace = await after.db.persons.findOne({ where: { name: 'grace' }, rejectOnEmpty: true })
    const fresh = await after.open(grace)
    const attempt = Promise.resolve().then(() =>
      after.access.authenticate(accessToken, 'gatehouse'),
    )
    const [{ status }] = await Promise.allSettled([attempt])
    await after.end()
    return { status, kid: decodeProtectedHeader(fresh.accessToken).kid }
  }
  const { kid } = decodeProtectedHeader(accessToken)
  const rotated = await read([createPublicKey(old)])
  expect(rotated.status).toBe('fulfilled')
  expect(rotated.kid).not.toBe(kid)
  await expect(read([])).resolves.toMatchObject({ status: 'rejected' })
})
