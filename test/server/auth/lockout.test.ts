import { QueryTypes } from 'sequelize'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
} from 'vitest'
import { openLockout, type Lockout } from '../../../server/auth/lockout.ts'
import { openDatabase, type Database } from '../../../server/models/database.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'

const limited = { name: 'AppError', code: 'rate_limited' }
const [here, there] = ['192.0.2.1', '198.51.100.7']

describe.each(dialects)('the lock-out on $dialect', ({ home }) => {
  let databases: DatabaseHome
  let db: Database
  let lockout: Lockout

  beforeAll(async () => {
    databases = await home()
  })
  afterAll(() => databases.end())
  beforeEach(async () => {
    db = await openDatabase(await databases.fresh())
    lockout = await openLockout({ db, signInsPerMinute: 40 })
  })
  afterEach(() => db.close())

  const times = (count: number, work: () => Promise<void>) =>
    Promise.all(Array.from({ length: count }, work))

  test('the forty-first knock of a source in a minute is refused, another source is not', async () => {
    await times(40, () => lockout.knock(here))
    await expect(lockout.knock(here)).rejects.toMatchObject(limited)
    await expect(lockout.knock(`::ffff:${here}`)).rejects.toMatchObject(limited)
    await expect(lockout.knock(there)).resolves.toBeUndefined()
  })

  test('a source is a whole /64 of IPv6', async () => {
    await times(40, () => lockout.knock('2001:db8::1'))
    await expect(lockout.knock('2001:db8:0:0:ffff::2')).rejects.toMatchObject(limited)
    await expect(lockout.knock('2001:db8:0:1::1')).resolves.toBeUndefined()
  })

  test('the eleventh attempt at a name is refused from everywhere, and says until when', async () => {
    await times(10, () => lockout.attempt('ada', here))
    const refusal = lockout.attempt('ada', there)
    await expect(refusal).rejects.toMatchObject({ ...limited, retryAfter: expect.any(Number) })
    await refusal.catch((error: { retryAfter: number }) => {
      expect(error.retryAfter).toBeGreaterThan(890)
      expect(error.retryAfter).toBeLessThanOrEqual(900)
    })
    await expect(lockout.attempt('grace', here)).resolves.toBeUndefined()
  })

  test('a success begins the count anew', async () => {
    await times(9, () => lockout.attempt('ada', here))
    await lockout.succeeded('ada', here)
    await times(10, () => lockout.attempt('ada', there))
    await expect(lockout.attempt('ada', there)).rejects.toMatchObject(limited)
  })

  test('a person is not locked out where they signed in before, but guesses count there as well', async () => {
    await lockout.attempt('ada', here)
    await lockout.succeeded('ada', here)
    await times(10, () => lockout.attempt('ada', there))
    await expect(lockout.attempt('ada', there)).rejects.toMatchObject(limited)
    await times(10, () => lockout.attempt('ada', here))
    await expect(lockout.attempt('ada', here)).rejects.toMatchObject(limited)
  })

  test('an attempt that was not looked at does not count', async () => {
    for (let count = 0; count < 20; count += 1) {
      await lockout.attempt('ada', here)
      await lockout.forgive('ada', here)
    }
    await expect(lockout.attempt('ada', here)).resolves.toBeUndefined()
  })
})

test('processes on PostgreSQL count together, and no name or address is stored', async () => {
  const databases = await (dialects[1] as (typeof dialects)[number]).home()
  onTestFinished(() => databases.end())
  const db = await openDatabase(await databases.fresh())
  onTestFinished(() => db.close())
  const lockouts = await Promise.all([1, 2].map(() => openLockout({ db, signInsPerMinute: 40 })))
  for (const lockout of lockouts)
    await Promise.all(Array.from({ length: 5 }, () => lockout.attempt('ada', here)))
  await expect(lockouts[0]?.attempt('ada', here)).rejects.toMatchObject(limited)
  const rows = await db.sequelize.query('SELECT * FROM sign_in_limits', { type: QueryTypes.SELECT })
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toMatch(/ada|192\.0/)
})
