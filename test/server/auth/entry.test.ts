import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hashPassword } from '../../../server/auth/passwords.ts'
import { openSetUp } from '../../../server/auth/set-up-code.ts'
import { entry } from '../../../server/contract/entry.ts'
import { toErrorBody } from '../../../server/contract/errors.ts'
import { entryRoutes } from '../../../server/routes/entry.ts'
import { setUp } from '../../../server/services/entry.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { createWorld, visitor, type World } from '../access/world.ts'

const password = 'correct horse battery'
let passwordHash: string
beforeAll(async () => {
  passwordHash = await hashPassword(password)
})

describe.each(dialects)('setting up on $dialect', ({ home }) => {
  let databases: DatabaseHome
  let world: World

  beforeAll(async () => {
    databases = await home()
  })
  afterAll(() => databases.end())
  beforeEach(async () => {
    world = await createWorld(await databases.fresh(), { signInsPerMinute: 20 })
  })
  afterEach(() => world.end())

  const open = async () => (await openSetUp(world.db)) ?? ''
  const attempt = (code: string, name = 'ada') => setUp(world, visitor(), { code, name, password })

  test('the printed code makes one administrator, once', async () => {
    const code = await open()
    expect(code).toMatch(/^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/)
    await expect(attempt(code.toLowerCase().replaceAll('-', ' '))).resolves.toMatchObject({
      name: 'ada',
      admin: true,
    })
    await expect(attempt(code, 'eve')).rejects.toMatchObject({ code: 'conflict' })
    await expect(openSetUp(world.db)).resolves.toBeUndefined()
  })

  test('the code is not in the database, and each start makes another', async () => {
    const code = await open()
    const rows = JSON.stringify(await world.db.settings.findAll())
    expect(rows).not.toContain(code)
    expect(rows).not.toContain(code.replaceAll('-', ''))
    const next = await open()
    await expect(attempt(code)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(attempt(next)).resolves.toMatchObject({ admin: true })
  })

  test('two who set up at once make one administrator', async () => {
    const code = await open()
    const answers = await Promise.allSettled(['ada', 'eve', 'bob'].map((it) => attempt(code, it)))
    expect(answers.filter((it) => it.status === 'fulfilled')).toHaveLength(1)
    await expect(world.db.persons.count()).resolves.toBe(1)
  })

  test('without a code nobody is made, and guessing is slowed down', async () => {
    await expect(attempt('')).rejects.toMatchObject({ code: 'unauthenticated' })
    await open()
    for (let count = 1; count < 20; count += 1)
      await expect(attempt('00000-00000-00000-00000')).rejects.toMatchObject({
        code: 'unauthenticated',
      })
    await expect(attempt('00000-00000-00000-00000')).rejects.toMatchObject({ code: 'rate_limited' })
    await expect(world.db.persons.count()).resolves.toBe(0)
  })
})

describe('signing in', () => {
  let databases: DatabaseHome
  let world: World
  let cookies: { token: string; expires: Date }[]

  beforeAll(async () => {
    databases = await (dialects[0] as (typeof dialects)[number]).home()
  })
  afterAll(() => databases.end())
  beforeEach(async () => {
    world = await createWorld(await databases.fresh(), { signInsPerMinute: 40 })
    cookies = []
  })
  afterEach(() => world.end())

  const routes = () => entryRoutes({ ...world, version: '1.2.3', config: { caPem: undefined } })
  const caller = (source?: string) => ({
    ...visitor(source),
    setCookie: (token: string, expires: Date) => void cookies.push({ token, expires }),
  })
  const signIn = (name: string, typed = password, source?: string) =>
    routes().signIn({ name, password: typed, device: 'laptop' }, caller(source))
  const failure = async (attempt: Promise<unknown>) =>
    attempt.then(
      () => undefined,
      (error: unknown) => toErrorBody(error),
    )

  test('a device gets its tokens, and the answer shows neither hash nor secret', async () => {
    await world.addPerson('ada', { passwordHash })
    const answer = await signIn('Ada')
    expect(entry.signIn.output.strict().parse(answer)).toEqual(answer)
    expect(answer.session).toMatchObject({ device: 'laptop', current: true, personName: 'ada' })
    expect(JSON.stringify(answer)).not.toMatch(/argon2|gh1\.|passwordHash|refreshSecret/)
    const next = await routes().refresh({ refreshToken: answer.refreshToken }, caller())
    expect(next.refreshToken).not.toBe(answer.refreshToken)
  })

  test('a device is named without anything that could steer a terminal', async () => {
    await world.addPerson('ada', { passwordHash })
    const input = { name: 'ada', password, device: 'lap\u001b[2Jtop\n\u202e' }
    const { session } = await routes().signIn(input, caller())
    expect(session.device).toBe('lap[2Jtop')
  })

  test('unknown, disabled and wrong password fail with the same words', async () => {
    await world.addPerson('ada', { passwordHash })
    const gone = await world.addPerson('gone', { passwordHash })
    await gone.update({ disabledAt: new Date() })
    const failures = [
      await failure(signIn('nobody')),
      await failure(signIn('gone')),
      await failure(signIn('ada', 'wrong password')),
      await failure(routes().signInConsole({ name: 'nobody', password }, caller())),
    ]
    expect(failures[0]).toMatchObject({ code: 'unauthenticated' })
    expect(new Set(failures.map((it) => JSON.stringify(it))).size).toBe(1)
    await expect(world.db.sessions.count()).resolves.toBe(0)
  })

  test('the eleventh attempt at a name is 429, with the right password as well, known or not', async () => {
    await world.addPerson('ada', { passwordHash })
    for (const name of ['ada', 'nobody']) {
      for (let count = 0; count < 10; count += 1)
        await expect(failure(signIn(name, 'wrong'))).resolves.toMatchObject({
          code: 'unauthenticated',
        })
      const locked = await failure(signIn(name))
      expect(locked).toMatchObject({ code: 'rate_limited', retryAfter: 900 })
    }
  })

  test('the forty-first sign-in of a minute from one source is 429', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `nobody${at}`)
    const failures = await Promise.all(names.map((it) => failure(signIn(it))))
    expect(new Set(failures.map((it) => it?.code))).toEqual(new Set(['unauthenticated']))
    await expect(failure(signIn('ada'))).resolves.toMatchObject({ code: 'rate_limited' })
    await expect(failure(signIn('ada', password, '198.51.100.7'))).resolves.toMatchObject({
      code: 'unauthenticated',
    })
  })

  test('refused refreshes count against their source, good ones do not', async () => {
    await world.addPerson('ada', { passwordHash })
    const { refreshToken } = await signIn('ada', password, '198.51.100.7')
    const attempt = (token: string) => failure(routes().refresh({ refreshToken: token }, caller()))
    for (let count = 0; count < 40; count += 1)
      await expect(attempt('ghr_x')).resolves.toMatchObject({ code: 'unauthenticated' })
    await expect(attempt('ghr_x')).resolves.toMatchObject({ code: 'rate_limited' })
    await expect(attempt(refreshToken)).resolves.toBeUndefined()
  })

  test('a browser gets its token in the cookie and nowhere else', async () => {
    await world.addPerson('ada', { passwordHash })
    const answer = await routes().signInConsole({ name: 'ada', password }, caller())
    const [cookie, ...others] = cookies
    expect(others).toEqual([])
    expect(cookie?.expires.toISOString()).toBe(answer.session.expiresAt)
    expect(answer.session).toMatchObject({
      kind: 'console',
      device: 'Mozilla/5.0 (X11; Linux x86_64)',
    })
    expect(JSON.stringify(answer)).not.toContain(cookie?.token)
    const identity = await world.access.authenticate(cookie?.token ?? '', 'gatehouse-console')
    expect(identity.session.id).toBe(answer.session.id)
  })

  test('a password that is reset while it is being compared opens no session', async () => {
    const ada = await world.addPerson('ada', { passwordHash })
    const open = world.access.sessions.open.bind(world.access.sessions)
    world.access.sessions.open = async (entrant) => {
      await ada.update({ passwordHash: 'another' })
      return open(entrant)
    }
    await expect(failure(signIn('ada'))).resolves.toMatchObject({ code: 'unauthenticated' })
    await expect(world.db.sessions.count()).resolves.toBe(0)
  })

  test('the status says whether somebody has set it up', async () => {
    const { status } = routes()
    await expect(status({}, caller())).resolves.toEqual({
      product: 'Gatehouse',
      version: '1.2.3',
      ready: false,
    })
    await world.addPerson('ada')
    await expect(status({}, caller())).resolves.toMatchObject({ ready: true })
  })
})
