import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../server/models/database.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { addPersonWithGrant, addProfile } from './rows.ts'

describe.each(dialects)('a $dialect database', ({ dialect, home }) => {
  let databases: DatabaseHome
  let url: string
  let db: Database

  beforeAll(async () => {
    databases = await home()
  })
  afterAll(() => databases.end())
  beforeEach(async () => {
    url = await databases.fresh()
    db = await openDatabase(url)
  })
  afterEach(() => db.close())

  const addPerson = (name: string) => db.persons.create({ name, passwordHash: 'hash' })
  const names = async () => (await db.persons.findAll()).map((person) => person.name).sort()

  test('twenty concurrent transactions all succeed, beside single writes', async () => {
    const setting = await db.settings.create({ key: 'count', value: '0' })
    const raise = () =>
      db.transaction(async (transaction) => {
        const lock = transaction.LOCK.UPDATE
        const row = await setting.reload({ transaction, lock })
        await row.update({ value: String(Number(row.value) + 1) }, { transaction })
      })
    const single = (at: number) => addPerson(`person-${at}`)
    await Promise.all(Array.from({ length: 20 }, (_, at) => Promise.all([raise(), single(at)])))
    expect((await setting.reload()).value).toBe('20')
    expect(await db.persons.count()).toBe(20)
  })

  test('a transaction that fails leaves nothing behind and does not block the next', async () => {
    const attempt = db.transaction(async (transaction) => {
      await db.persons.create({ name: 'ada', passwordHash: 'hash' }, { transaction })
      throw new Error('changed my mind')
    })
    await expect(attempt).rejects.toThrow('changed my mind')
    await addPerson('bob')
    expect(await names()).toEqual(['bob'])
  })

  test('a write that forgets its transaction fails at once, and takes the whole with it', async () => {
    const forgetful = db.transaction(async (transaction) => {
      await db.persons.create({ name: 'ada', passwordHash: 'hash' }, { transaction })
      await addPerson('bob')
    })
    await expect(forgetful).rejects.toThrow('must be given the transaction')
    const nested = db.transaction(() => db.transaction(() => Promise.resolve()))
    await expect(nested).rejects.toThrow('already open')
    expect(await names()).toEqual([])
  })

  test('what a transaction started may write once it has ended', async () => {
    let finish: () => void = () => undefined
    const ended = new Promise<void>((resolve) => (finish = resolve))
    let later: Promise<unknown> = Promise.resolve()
    await db.transaction(() => {
      later = ended.then(() => addPerson('ada'))
      return Promise.resolve()
    })
    finish()
    await later
    expect(await names()).toEqual(['ada'])
  })

  test('a name is taken once, and the error about it holds no value', async () => {
    await db.persons.create({ name: 'ada', passwordHash: 'first-hash' })
    const twins = ['x', 'y'].map(() => addPersonWithGrant(db, 'bob'))
    const results = await Promise.allSettled(twins)
    expect(results.map((it) => it.status).sort()).toEqual(['fulfilled', 'rejected'])
    const error: unknown = await db.persons
      .create({ name: 'ada', passwordHash: 'second-hash' })
      .catch((failure: unknown) => failure)
    expect(error).toMatchObject({ name: 'SequelizeUniqueConstraintError' })
    expect(everythingIn(error)).not.toMatch(/second-hash|ada/)
  })

  test('a profile’s name is taken once per cluster', async () => {
    const { cluster } = await addPersonWithGrant(db)
    const other = await addPersonWithGrant(db, 'bob')
    await expect(addProfile(db, cluster.id)).rejects.toMatchObject({
      name: 'SequelizeUniqueConstraintError',
    })
    await expect(addProfile(db, other.cluster.id, 'developer')).resolves.toBeDefined()
  })

  test('a removed person takes sessions and grants along, a removed cluster its profiles', async () => {
    const { person, cluster } = await addPersonWithGrant(db)
    await db.sessions.create({
      personId: person.id,
      device: 'laptop',
      kind: 'device',
      expiresAt: new Date(),
      refreshSecret: 'sealed',
    })
    await person.destroy()
    expect([await db.sessions.count(), await db.grants.count()]).toEqual([0, 0])
    const { grant } = await addPersonWithGrant(db, 'bob')
    await db.clusters.destroy({ where: { id: [cluster.id, 'bob-cluster'] } })
    expect(await db.profiles.count()).toBe(0)
    expect(await db.grants.findByPk(grant.id)).toBeNull()
  })

  test('a row of nobody is refused', async () => {
    await expect(addProfile(db, 'no-such-cluster')).rejects.toMatchObject({
      name: 'SequelizeForeignKeyConstraintError',
    })
    // The same within a transaction, which has a connection of its own on SQLite.
    const inside = db.transaction((transaction) =>
      db.profiles.create({ clusterId: 'nowhere', name: 'viewer', kind: 'static' }, { transaction }),
    )
    await expect(inside).rejects.toMatchObject({ name: 'SequelizeForeignKeyConstraintError' })
  })

  test('a date keeps its milliseconds and compares as a date', async () => {
    const moments = [
      '2026-03-29T01:30:00.007Z',
      '2026-11-22T23:59:59.999Z',
      '1999-12-31T00:00:00.000Z',
    ]
    for (const moment of moments) {
      const person = await db.persons.create({
        name: moment.toLowerCase(),
        passwordHash: 'hash',
        disabledAt: new Date(moment),
      })
      await person.reload()
      expect(person.disabledAt?.toISOString()).toBe(moment)
      expect(await db.persons.count({ where: { disabledAt: new Date(moment) } })).toBe(1)
    }
    const sorted = await db.persons.findAll({ order: ['disabledAt'] })
    expect(sorted.map((it) => it.disabledAt?.toISOString())).toEqual(moments.toSorted())
    expect(sorted[0]?.createdAt).toBeInstanceOf(Date)
  })

  test('what was left out is null right after creation, as it is when read again', async () => {
    const { person, cluster, profile, grant } = await addPersonWithGrant(db)
    const read = () => [person.disabledAt, cluster.keeper, profile.credential, grant.expiresAt]
    expect(read()).toEqual([null, null, null, null])
    expect([person.admin, cluster.revision, profile.generation]).toEqual([false, 1, 1])
    await Promise.all([person, cluster, profile, grant].map((row) => row.reload()))
    expect(read()).toEqual([null, null, null, null])
  })

  test('a scope comes back as it was, also when loaded by another row', async () => {
    const { grant, person } = await addPersonWithGrant(db)
    const scope = {
      namespaces: ['a', 'b'],
      rules: [{ verbs: ['get' as const], resources: ['pods/*'] }, {}],
      capabilities: ['exec' as const],
    }
    await grant.update({ scope })
    const loaded = await db.grants.findOne({
      where: { personId: person.id },
      include: ['person', 'profile', 'cluster'],
    })
    expect(loaded?.scope).toEqual(scope)
    expect(loaded?.person?.name).toBe('ada')
    expect(loaded?.profile?.name).toBe('viewer')
    expect(loaded?.cluster?.createdAt).toBeInstanceOf(Date)
  })

  test('a sequence counts past four thousand million and stays a number', async () => {
    const sequence = 2 ** 42 + 1
    const link = { writer: 'w', sequence, at: new Date(), hash: 'h' }
    await db.checkpoints.create({ ...link, signature: 's', keyId: 'k' })
    const [raw] = await db.checkpoints.findAll({ raw: true })
    expect(raw?.sequence).toBe(sequence)
    expect(await db.checkpoints.max('sequence')).toBe(sequence)
    expect(await db.checkpoints.count({ where: { writer: 'w', sequence } })).toBe(1)
  })

  test('two that open a new database at once migrate it once', async () => {
    const fresh = await databases.fresh()
    const opened = await Promise.all([
      openDatabase(fresh),
      openDatabase(fresh),
      openDatabase(fresh),
    ])
    const [rows] = await db.sequelize.query('SELECT name FROM migrations')
    expect(rows).toEqual([{ name: '0001-first-tables' }])
    await Promise.all(opened.map((it, at) => it.settings.create({ key: `${at}`, value: 'x' })))
    expect(await opened[0]?.settings.count()).toBe(3)
    await Promise.all(opened.map((it) => it.close()))
  })

  test('what was written is there after closing and opening again', async () => {
    await addPerson('ada')
    await db.close()
    db = await openDatabase(url)
    expect(db.dialect).toBe(dialect)
    expect(await names()).toEqual(['ada'])
  })

  test('two databases in one process do not see each other', async () => {
    const other = await openDatabase(await databases.fresh())
    await addPerson('ada')
    expect(await other.persons.count()).toBe(0)
    expect(await db.persons.count()).toBe(1)
    await other.close()
  })
})

/** An error with all it drags along, as a careless logger would print it. */
function everythingIn(error: unknown): string {
  const seen = new Set<unknown>()
  return JSON.stringify(error, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    if (seen.has(value)) return undefined
    seen.add(value)
    return Object.fromEntries(
      Object.getOwnPropertyNames(value)
        .filter((name) => name !== 'stack')
        .map((name) => [name, (value as Record<string, unknown>)[name]]),
    )
  })
}
