import { createHook } from 'node:async_hooks'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../../support/gateway.ts'
import { ask, bearer, cookieOf } from './door.ts'

let gateway: TestGateway
const ada = { name: 'ada', password: 'a password that is long enough' }

beforeAll(async () => {
  gateway = await startGateway()
  const admin = await gateway.admin()
  await admin.persons.create(ada)
  const { id } = await admin.persons.create({ ...ada, name: 'gone' })
  await admin.persons.update({ id, disabled: true })
})
afterAll(() => gateway.stop())

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  ask(gateway, path, { method: 'POST', body, headers })
/** A browser is no device with a name of its own. */
const deviceAt = (path: string) => (path === '/api/sign-in' ? { device: 'laptop' } : {})
const consoleSignIn = (credentials: object = ada) => post('/api/console/sign-in', credentials)
const me = (headers: Record<string, string>) => ask(gateway, '/api/me', { headers })
/** A cluster call; whether the cluster exists is only looked at once the caller is known. */
const call = (headers: Record<string, string>) =>
  ask(gateway, '/k8s/nowhere/api/v1/pods', { headers })

const claims = ['aud', 'exp', 'iat', 'jti', 'sid', 'sub']

describe('signing in', () => {
  // S1-T01
  test('gives a device a token that names person, session and times, and nothing else', async () => {
    const { accessToken, person, session } = await gateway.signIn(ada.name, ada.password)
    const token = decodeJwt(accessToken)
    expect(Object.keys(token).toSorted()).toEqual(claims)
    expect(token).toMatchObject({ sub: person.id, sid: session.id, aud: 'gatehouse' })
    expect(decodeProtectedHeader(accessToken)).toMatchObject({
      alg: 'EdDSA',
      kid: expect.any(String) as string,
    })
    expect((token.exp ?? 0) - (token.iat ?? 0)).toBe(900)
  })

  // S1-T01, S1-F64
  test('gives a browser its token in a cookie that no script can read, and none in the body', async () => {
    const answer = await consoleSignIn()
    const { name, token, attributes, others } = cookieOf(answer)
    expect([answer.status, name, others]).toEqual([200, '__Host-gatehouse', []])
    expect(attributes.filter((it) => !it.startsWith('expires='))).toEqual([
      'httponly',
      'path=/',
      'samesite=strict',
      'secure',
    ])
    expect(Object.keys(decodeJwt(token)).toSorted()).toEqual(claims)
    expect(answer.text).not.toMatch(/eyJ|token|argon2|gh[a-z0-9]+[._]/i)
    expect((await me({ cookie: `${name}=${token}` })).json()).toMatchObject({ name: 'ada' })
  })

  // S1-T02: a profile has no password and nobody signs in to a cluster, so the third is an account that is closed
  test('fails in one way, after the same work, for a wrong password, an unknown and a closed account', async () => {
    const attempts = [
      { ...ada, password: 'not the password' },
      { ...ada, name: 'nobody' },
      { ...ada, name: 'gone' },
    ]
    for (const path of ['/api/sign-in', '/api/console/sign-in']) {
      const said = new Set<string>()
      for (const attempt of attempts) {
        const hashing = countHashing()
        const { status, text, headers } = await post(path, { ...attempt, ...deviceAt(path) })
        // The work is what takes the time: a password is hashed whether or not there is one to compare it with.
        expect([status, hashing.stop()]).toEqual([401, 1])
        said.add(JSON.stringify([status, text, Object.keys(headers)]))
      }
      expect(said.size).toBe(1)
    }
  })

  // S1-T03
  test.each([
    ['/api/sign-in', 'name'],
    ['/api/sign-in', 'password'],
    ['/api/sign-in', 'device'],
    ['/api/console/sign-in', 'name'],
    ['/api/console/sign-in', 'password'],
  ])('at %s without %s is a bad request that names it', async (path, missing) => {
    const whole: Record<string, string> = { ...ada, ...deviceAt(path) }
    const { [missing]: _, ...rest } = whole
    const answer = await post(path, rest)
    expect([answer.status, answer.headers['set-cookie']]).toEqual([400, undefined])
    expect(answer.json()).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(missing) as string,
    })
    expect(Object.keys(answer.json()['fields'] as object)).toEqual([missing])
  })
})

/** Counts how often a password is hashed, by the jobs that Node itself starts for it. */
function countHashing() {
  let count = 0
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'ARGON2REQUEST') count += 1
    },
  }).enable()
  return {
    stop() {
      hook.disable()
      return count
    },
  }
}

describe('a bearer and a cookie', () => {
  let token: string
  let cookie: string

  beforeAll(async () => {
    token = (await gateway.signIn(ada.name, ada.password)).accessToken
    cookie = cookieOf(await consoleSignIn()).pair
  })

  // S1-T05
  test('open the API each alone; together they are a bad request', async () => {
    const answers = [
      await me(bearer(token)),
      await me({ cookie }),
      await me({ ...bearer(token), cookie }),
    ]
    expect(answers.map((it) => it.status)).toEqual([200, 200, 400])
    expect(answers[2]?.json()).toMatchObject({ code: 'invalid_input' })
  })

  // S1-T05
  test('are read as strictly on the cluster path, where only the bearer counts', async () => {
    const value = cookie.slice(cookie.indexOf('=') + 1)
    const answers = [
      await call(bearer(token)),
      await call({ cookie }),
      await call({ ...bearer(token), cookie }),
      await call(bearer(value)),
      await call({ cookie: `gatehouse-local=${token}` }),
    ]
    // Known, but without a grant there.
    expect(answers.map((it) => it.status)).toEqual([403, 401, 400, 401, 401])
    for (const it of answers) expect(it.json()).toMatchObject({ kind: 'Status', code: it.status })
  })

  test('do not stand in for each other', async () => {
    const value = cookie.slice(cookie.indexOf('=') + 1)
    const swapped = [await me(bearer(value)), await me({ cookie: `__Host-gatehouse=${token}` })]
    expect(swapped.map((it) => it.status)).toEqual([401, 401])
  })
})

describe('after signing out', () => {
  // S1-T09
  test('the tokens of a device are worth nothing, the other device goes on', async () => {
    const [out, other] = [
      await gateway.signIn(ada.name, ada.password),
      await gateway.signIn(ada.name, ada.password),
    ]
    expect((await call(bearer(out.accessToken))).status).toBe(403)
    expect((await post('/api/sign-out', {}, bearer(out.accessToken))).status).toBe(204)
    const replays = [
      await me(bearer(out.accessToken)),
      await call(bearer(out.accessToken)),
      await post('/api/refresh', { refreshToken: out.refreshToken }),
      await me(bearer(other.accessToken)),
    ]
    expect(replays.map((it) => it.status)).toEqual([401, 401, 401, 200])
  })

  // S1-T09
  test('a copied cookie is worth nothing, and the browser is told to forget its own', async () => {
    const { pair: cookie } = cookieOf(await consoleSignIn())
    const answer = await post('/api/sign-out', {}, { cookie, origin: gateway.address })
    const { token, attributes } = cookieOf(answer)
    expect([answer.status, token]).toEqual([204, ''])
    expect(attributes).toContain('expires=thu, 01 jan 1970 00:00:00 gmt')
    expect((await me({ cookie })).status).toBe(401)
  })
})

// S1-T33
test('the forty-first sign-in of a minute from one address is told when to come back', async () => {
  const fresh = await startGateway()
  const attempt = (name: string) =>
    ask(fresh, '/api/sign-in', { method: 'POST', body: { ...ada, name, device: 'laptop' } })
  const names = Array.from({ length: 40 }, (_, at) => `nobody${at}`)
  const first: number[] = []
  // As many at once as are hashed at once: who waits too long for that is sent away for another reason.
  const work = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop())
      first.push((await attempt(name)).status)
  }
  await Promise.all([work(), work()])
  const more = await attempt('nobody40')
  const status = await ask(fresh, '/api/status')
  await fresh.stop()
  expect(first).toEqual(Array(40).fill(401))
  expect([more.status, more.json()['code']]).toEqual([429, 'rate_limited'])
  expect(Number(more.headers['retry-after'])).toBeGreaterThan(0)
  expect(Number(more.headers['retry-after'])).toBeLessThanOrEqual(60)
  expect(status.status).toBe(200)
})
