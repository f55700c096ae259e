import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAccess, createChanges, type Change } from '../../../server/access/index.ts'
import type { Person } from '../../../server/models/person.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { createWorld, type World } from './world.ts'

const refused = { name: 'AppError', code: 'unauthenticated' }
const seconds = (count: number) => count * 1000

describe.each(dialects)('sessions on $dialect', ({ home }) => {
  let databases: DatabaseHome
  let world: World
  let ada: Person

  beforeAll(async () => {
    databases = await home()
  })
  afterAll(() => databases.end())
  beforeEach(async () => {
    world = await createWorld(await databases.fresh())
    ada = await world.addPerson('ada')
  })
  afterEach(() => world.end())

  const refresh = (token: string) => world.access.sessions.refresh(token)
  const authenticate = async (token: string) => world.access.authenticate(token, 'gatehouse')

  test('a refresh answers with a new pair, which can be refreshed again', async () => {
    const first = await world.open(ada)
    const second = await refresh(first.refreshToken)
    const third = await refresh(second.refreshToken)
    expect(new Set([first, second, third].map((it) => it.refreshToken)).size).toBe(3)
    expect(decodeJwt(third.accessToken).jti).toBe(`${first.session.id}.3`)
    await expect(authenticate(third.accessToken)).resolves.toMatchObject({
      session: { id: first.session.id },
    })
  })

  test('the access token of before a refresh is good until its end', async () => {
    const first = await world.open(ada)
    await refresh(first.refreshToken)
    await expect(authenticate(first.accessToken)).resolves.toBeDefined()
  })

  test('twenty refreshes at once with one token get one successor', async () => {
    const { refreshToken } = await world.open(ada)
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)))
    expect(new Set(answers.map((it) => it.refreshToken)).size).toBe(1)
    expect(new Set(answers.map((it) => decodeJwt(it.accessToken).jti)).size).toBe(1)
    world.clock.now += seconds(30)
    const late = await refresh(refreshToken)
    expect(late.refreshToken).toBe(answers[0]?.refreshToken)
  })

  test('an old token after 30 seconds is reuse and ends the session for everyone', async () => {
    const told: Change[] = []
    world.changes.on((change) => told.push(change))
    const first = await world.open(ada)
    const second = await refresh(first.refreshToken)
    await authenticate(second.accessToken)
    world.clock.now += seconds(31)
    await expect(refresh(first.refreshToken)).rejects.toMatchObject(refused)
    expect(told).toEqual([{ kind: 'session', id: first.session.id }])
    await expect(refresh(second.refreshToken)).rejects.toMatchObject(refused)
    await expect(authenticate(second.accessToken)).rejects.toMatchObject(refused)
  })

  test('a token two generations old is reuse at once', async () => {
    const first = await world.open(ada)
    const second = await refresh(first.refreshToken)
    await refresh(second.refreshToken)
    await expect(refresh(first.refreshToken)).rejects.toMatchObject(refused)
    await expect(world.access.sessions.find(first.session.id)).resolves.toBeUndefined()
  })

  test('a token that we never made is refused and ends nothing', async () => {
    const { refreshToken, session, accessToken } = await world.open(ada)
    const other = await world.open(ada)
    const mac = refreshToken.slice(-43)
    const next = refreshToken.replace('.1.', '.2.')
    const foreign = `${other.refreshToken.slice(0, -43)}${mac}`
    const wrongs = [
      next,
      foreign,
      `ghr_${session.id}.0.${mac}`,
      accessToken,
      '',
      'ghr_',
      `${refreshToken}A`,
    ]
    for (const wrong of wrongs) await expect(refresh(wrong)).rejects.toMatchObject(refused)
    await expect(refresh(refreshToken)).resolves.toBeDefined()
    await expect(refresh(other.refreshToken)).resolves.toBeDefined()
  })

  test('after signing out neither token of the session is worth anything', async () => {
    const { refreshToken, accessToken, session } = await world.open(ada)
    await authenticate(accessToken)
    await expect(world.access.sessions.revoke(session.id)).resolves.toBe(true)
    await expect(refresh(refreshToken)).rejects.toMatchObject(refused)
    await expect(authenticate(accessToken)).rejects.toMatchObject(refused)
    await expect(world.access.sessions.revoke(session.id)).resolves.toBe(false)
  })

  test('a session ends at its own end, however often it is refreshed', async () => {
    const { refreshToken, session } = await world.open(ada)
    world.clock.now = session.expiresAt.getTime() - seconds(60)
    const last = await refresh(refreshToken)
    expect(last.accessExpiresAt).toEqual(session.expiresAt)
    world.clock.now = session.expiresAt.getTime()
    await expect(refresh(last.refreshToken)).rejects.toMatchObject(refused)
    await expect(authenticate(last.accessToken)).rejects.toMatchObject(refused)
    world.clock.now += 1
    await expect(world.access.sessions.sweep()).resolves.toBe(1)
  })

  test('a sign-in whose proof no longer holds opens nothing', async () => {
    const entrant = { personId: ada.id, device: 'laptop' }
    const stale = world.access.sessions.open({ ...entrant, isStillProven: () => false })
    await expect(stale).rejects.toMatchObject(refused)
    await ada.update({ disabledAt: new Date() })
    await expect(world.open(ada)).rejects.toMatchObject(refused)
    await expect(world.access.sessions.list()).resolves.toEqual([])
  })

  test('what another process ended in the database ends here at the next re-check', async () => {
    const revoked = await world.open(ada)
    const grace = await world.addPerson('grace')
    const disabled = await world.open(grace)
    await authenticate(revoked.accessToken)
    await authenticate(disabled.accessToken)
    await world.db.sessions.update({ revokedAt: new Date() }, { where: { id: revoked.session.id } })
    await grace.update({ disabledAt: new Date() })
    await expect(authenticate(revoked.accessToken)).resolves.toBeDefined()
    await world.access.recheck()
    await expect(authenticate(revoked.accessToken)).rejects.toMatchObject(refused)
    await expect(authenticate(disabled.accessToken)).rejects.toMatchObject(refused)
  })

  test('a rotation by another process is noticed when its token arrives', async () => {
    const { accessToken, refreshToken } = await world.open(ada)
    await authenticate(accessToken)
    const { db, sealing, key, log } = world
    const config = { accessSeconds: 900, sessionSeconds: 86_400, streamSeconds: 60 }
    const other = await createAccess({ db, sealing, changes: createChanges(), config, key, log })
    const refreshed = await other.sessions.refresh(refreshToken)
    await other.close()
    await expect(authenticate(refreshed.accessToken)).resolves.toBeDefined()
  })

  test('its use is kept in memory, shown at once and written later', async () => {
    const { accessToken, session } = await world.open(ada)
    world.clock.now += seconds(40)
    await authenticate(accessToken)
    const written = async () => (await world.db.sessions.findByPk(session.id))?.lastUsedAt
    const shown = async () => (await world.access.sessions.find(session.id))?.lastUsedAt
    await expect(written()).resolves.toEqual(session.createdAt)
    await expect(shown()).resolves.toEqual(new Date(world.clock.now))
    await world.access.close()
    await expect(written()).resolves.toEqual(new Date(world.clock.now))
  })

  test('the hundred-and-first session of a person takes the place of the longest unused', async () => {
    const first = await world.open(ada)
    for (let count = 0; count < 99; count += 1) {
      world.clock.now += 1000
      await world.open(ada, `device ${count}`)
    }
    await expect(world.access.sessions.list(ada.id)).resolves.toHaveLength(100)
    world.clock.now += 1000
    const last = await world.open(ada)
    const ids = (await world.access.sessions.list(ada.id)).map((it) => it.id)
    expect(ids).toHaveLength(100)
    expect(ids).toContain(last.session.id)
    expect(ids).not.toContain(first.session.id)
  })
})
