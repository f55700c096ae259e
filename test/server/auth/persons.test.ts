import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../../server/access/index.ts'
import { hashPassword, verifyPassword } from '../../../server/auth/passwords.ts'
import { toErrorBody } from '../../../server/contract/errors.ts'
import { persons as contract } from '../../../server/contract/persons.ts'
import type { Person } from '../../../server/models/person.ts'
import { personRoutes } from '../../../server/routes/persons.ts'
import { sessionRoutes } from '../../../server/routes/sessions.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { actor, createWorld, type World } from '../access/world.ts'

const password = 'correct horse battery'
const next = 'another long password'
let passwordHash: string
beforeAll(async () => {
  passwordHash = await hashPassword(password)
})

describe.each(dialects)('persons on $dialect', ({ home }) => {
  let databases: DatabaseHome
  let world: World
  let root: Person
  let told: Change[]

  beforeAll(async () => {
    databases = await home()
  })
  afterAll(() => databases.end())
  beforeEach(async () => {
    world = await createWorld(await databases.fresh())
    root = await world.addPerson('root', { admin: true, passwordHash })
    told = []
    world.changes.on((change) => told.push(change))
  })
  afterEach(() => world.end())

  const routes = () => personRoutes(world)
  const openIds = async (personId: string) =>
    (await world.access.sessions.list(personId)).map((it) => it.id)

  test('an account is made, listed without its hash, and its name is taken', async () => {
    const input = { name: 'ada', password, admin: false }
    const ada = await routes().create(input, actor(root))
    expect(ada).toMatchObject({ name: 'ada', admin: false, disabled: false })
    await expect(routes().create(input, actor(root))).rejects.toMatchObject({ code: 'conflict' })
    const list = await routes().list({}, actor(root))
    expect(list.map((it) => it.name)).toEqual(['ada', 'root'])
    expect(list.map((it) => contract.create.output.strict().parse(it))).toEqual(list)
  })

  test('the last enabled administrator can be neither demoted, disabled nor removed', async () => {
    const idle = await world.addPerson('idle', { admin: true })
    await idle.update({ disabledAt: new Date() })
    const refused = { code: 'conflict' }
    const by = actor(root)
    await expect(routes().update({ id: root.id, admin: false }, by)).rejects.toMatchObject(refused)
    await expect(routes().update({ id: root.id, disabled: true }, by)).rejects.toMatchObject(
      refused,
    )
    await expect(routes().remove({ id: root.id }, by)).rejects.toMatchObject(refused)
    await expect(routes().remove({ id: idle.id }, by)).resolves.toBeUndefined()
    await expect(routes().me({}, by)).resolves.toMatchObject({ admin: true, disabled: false })
  })

  test('the last two administrators cannot unmake each other at once', async () => {
    const other = await world.addPerson('other', { admin: true })
    const answers = await Promise.allSettled([
      routes().update({ id: other.id, admin: false }, actor(root)),
      routes().update({ id: root.id, disabled: true }, actor(other)),
      routes().remove({ id: root.id }, actor(other)),
    ])
    const admins = await world.db.persons.count({ where: { admin: true, disabledAt: null } })
    expect(admins).toBeGreaterThan(0)
    const failures = answers.flatMap((it) =>
      it.status === 'rejected' ? [toErrorBody(it.reason).code] : [],
    )
    for (const code of failures) expect(['conflict', 'not_found']).toContain(code)
  })

  test.each([{ disabled: true }, { password: next }])(
    '%o ends every session of the person at once',
    async (change) => {
      const ada = await world.addPerson('ada', { passwordHash })
      const { accessToken, refreshToken } = await world.open(ada)
      await world.openConsole(ada)
      await world.access.authenticate(accessToken, 'gatehouse')
      await routes().update({ id: ada.id, ...change }, actor(root))
      expect(() => world.access.authenticate(accessToken, 'gatehouse')).toThrow('Sign in')
      await expect(world.access.sessions.refresh(refreshToken)).rejects.toMatchObject({
        code: 'unauthenticated',
      })
      await expect(openIds(ada.id)).resolves.toEqual([])
    },
  )

  test('an enabled person signs in anew; sessions of before stay ended', async () => {
    const ada = await world.addPerson('ada')
    const { accessToken } = await world.open(ada)
    await routes().update({ id: ada.id, disabled: true }, actor(root))
    await routes().update({ id: ada.id, disabled: false }, actor(root))
    const stale = Promise.resolve().then(() => world.access.authenticate(accessToken, 'gatehouse'))
    await expect(stale).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(world.open(ada)).resolves.toBeDefined()
  })

  test('removing a person takes sessions and grants along and is told', async () => {
    const ada = await world.addPerson('ada')
    const { accessToken } = await world.open(ada)
    await world.grant(ada, await world.addProfile('prod', 'viewer'))
    await world.access.authenticate(accessToken, 'gatehouse')
    await routes().remove({ id: ada.id }, actor(root))
    expect(told.at(-1)).toEqual({ kind: 'person', id: ada.id })
    await expect(world.access.authenticate(accessToken, 'gatehouse')).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(world.db.grants.count()).resolves.toBe(0)
    await expect(routes().remove({ id: ada.id }, actor(root))).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('changing one’s own password needs the old one and leaves this session only', async () => {
    const ada = await world.addPerson('ada', { passwordHash })
    const here = await world.open(ada)
    await world.open(ada, 'phone')
    const by = actor(ada, here.session.id)
    const wrong = routes().changePassword({ current: next, next }, by)
    await expect(wrong).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { current: expect.any(String) },
    })
    await routes().changePassword({ current: password, next }, by)
    await expect(openIds(ada.id)).resolves.toEqual([here.session.id])
    await expect(verifyPassword(next, (await ada.reload()).passwordHash)).resolves.toBe(true)
  })

  test('guessing the current password is locked out like a sign-in', async () => {
    const ada = await world.addPerson('ada', { passwordHash })
    const attempt = (current: string) => routes().changePassword({ current, next }, actor(ada))
    for (let count = 0; count < 10; count += 1)
      await expect(attempt('wrong')).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(attempt(password)).rejects.toMatchObject({ code: 'rate_limited' })
  })

  test('one sees and ends one’s own sessions, an administrator everyone’s', async () => {
    const ada = await world.addPerson('ada')
    const mine = await world.open(ada)
    const roots = await world.open(root)
    const caller = (person: Person, id: string) => ({
      ...actor(person, id),
      clearCookie: () => undefined,
    })
    const [asAda, asRoot] = [caller(ada, mine.session.id), caller(root, roots.session.id)]
    const { list, revoke, signOut } = sessionRoutes(world)
    await expect(list({ everyone: 'false' }, asAda)).resolves.toMatchObject([
      { id: mine.session.id, current: true },
    ])
    await expect(list({ everyone: 'true' }, asAda)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(list({ everyone: 'true' }, asRoot)).resolves.toHaveLength(2)
    await expect(revoke({ id: roots.session.id }, asAda)).rejects.toMatchObject({
      code: 'not_found',
    })
    await revoke({ id: mine.session.id }, asRoot)
    await expect(revoke({ id: mine.session.id }, asRoot)).rejects.toMatchObject({
      code: 'not_found',
    })
    await signOut({}, asRoot)
    await expect(list({ everyone: 'true' }, asRoot)).resolves.toEqual([])
  })
})
