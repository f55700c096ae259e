import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../server/models/database.ts'
import { rotateKeys } from '../../../server/models/key-rotation.ts'
import { createKey, createKeySource } from '../../../server/models/key-source.ts'
import { openSealing, type Sealing } from '../../../server/models/sealing.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { addPersonWithGrant, credentialOf } from './rows.ts'
import { openSealedDatabase, type SealedDatabase } from './sealed-database.ts'

describe.each(dialects)('a key rotation on $dialect', ({ home }) => {
  let databases: DatabaseHome
  let store: SealedDatabase

  beforeAll(async () => {
    databases = await home()
  })
  afterAll(() => databases.end())
  beforeEach(async () => {
    store = await openSealedDatabase(await databases.fresh())
  })
  afterEach(() => store.close())

  /** Profiles whose credential is their own id. */
  async function addProfiles(count: number): Promise<string[]> {
    const { cluster } = await addPersonWithGrant(store.db)
    const ids = Array.from({ length: count }, () => crypto.randomUUID())
    await store.db.profiles.bulkCreate(
      ids.map((id, at) => ({
        id,
        clusterId: cluster.id,
        name: `profile-${at}`,
        kind: 'static' as const,
        credential: store.sealing.seal(id, credentialOf(id)),
      })),
    )
    return ids
  }

  /** What each profile's credential says, and which keys seal them. */
  async function credentials(from: Database, using: Sealing) {
    const rows = await from.profiles.findAll({ order: ['name'] })
    const sealed = rows.flatMap(({ id, credential }) => (credential ? [{ id, credential }] : []))
    return {
      values: new Map(sealed.map((it) => [it.id, using.open(it.credential, credentialOf(it.id))])),
      keys: new Set(sealed.map((it) => it.credential.split('.')[1])),
    }
  }

  const checks = async () =>
    (await store.db.settings.findAll())
      .map((it) => it.key)
      .filter((key) => key.startsWith('sealing.'))

  test('re-wraps every value under a new key and forgets the old one', async () => {
    const ids = await addProfiles(250)
    const old = store.sealing.keyId
    const { keyId, rewrapped } = await rotateKeys(store.db, store.sealing, store.source, 0)
    expect(rewrapped).toBe(250)
    expect([...store.source.read().keys.keys()]).toEqual([keyId])
    expect(keyId).not.toBe(old)
    expect(await checks()).toEqual([`sealing.check.${keyId}`])
    const after = await credentials(store.db, await openSealing(store.db, store.source))
    expect([...after.keys]).toEqual([keyId])
    expect(ids.every((id) => after.values.get(id) === id)).toBe(true)
  })

  test('covers every sealed column and leaves the time of change as it was', async () => {
    const { cluster, person } = await addPersonWithGrant(store.db)
    const place = (table: string, column: string, row: string) => ({ table, column, row })
    const places = {
      keeper: place('clusters', 'keeper', cluster.id),
      proxyUrl: place('clusters', 'proxyUrl', cluster.id),
      refreshSecret: place('sessions', 'refreshSecret', 's'),
    }
    const [keeper, proxyUrl] = [places.keeper, places.proxyUrl].map((it) =>
      store.sealing.seal('x', it),
    )
    await cluster.update({ keeper: keeper ?? null, proxyUrl: proxyUrl ?? null })
    const refreshSecret = store.sealing.seal('x', places.refreshSecret)
    const device = { device: 'laptop', kind: 'device' as const, expiresAt: new Date() }
    const session = await store.db.sessions.create({
      id: 's',
      personId: person.id,
      ...device,
      refreshSecret,
    })
    const { updatedAt } = await cluster.reload()
    const { keyId, rewrapped } = await rotateKeys(store.db, store.sealing, store.source, 0)
    expect(rewrapped).toBe(3)
    await Promise.all([cluster.reload(), session.reload()])
    for (const value of [cluster.keeper, cluster.proxyUrl, session.refreshSecret]) {
      expect(value).toMatch(`gh1.${keyId}.`)
    }
    expect(store.sealing.open(cluster.keeper ?? '', places.keeper)).toBe('x')
    expect(cluster.updatedAt).toEqual(updatedAt)
  })

  test('loses no value that is written meanwhile', async () => {
    const ids = await addProfiles(120)
    const latest = new Map(ids.map((id) => [id, id]))
    let rotated = false
    let writes = 0
    const writer = async (mine: string[]) => {
      for (let at = 0; !rotated; at = (at + 1) % mine.length) {
        const id = mine[at] ?? ''
        const value = `${id} ${writes++}`
        const credential = store.sealing.seal(value, credentialOf(id))
        await store.db.profiles.update({ credential }, { where: { id } })
        latest.set(id, value)
      }
    }
    const writers = [0, 1, 2, 3].map((at) => writer(ids.filter((_, index) => index % 4 === at)))
    const { keyId } = await rotateKeys(store.db, store.sealing, store.source, 50)
    rotated = true
    await Promise.all(writers)
    expect(writes).toBeGreaterThan(10)
    const after = await credentials(store.db, store.sealing)
    expect(after.values).toEqual(latest)
    expect([...after.keys]).toEqual([keyId])
  })

  test('goes another round for a value that arrives under the old key at the last moment', async () => {
    const [id = ''] = await addProfiles(3)
    const late = store.sealing.seal('late', credentialOf(id))
    let arrived = false
    store.db.profiles.addHook('beforeFind', async ({ limit, transaction = null }) => {
      // The look for leftovers, after everything was re-wrapped.
      if (arrived || limit !== 1 || !transaction) return
      arrived = true
      await store.db.profiles.update({ credential: late }, { where: { id }, transaction })
    })
    const { keyId, rewrapped } = await rotateKeys(store.db, store.sealing, store.source, 0)
    expect([arrived, rewrapped]).toEqual([true, 4])
    const after = await credentials(store.db, store.sealing)
    expect([...after.keys]).toEqual([keyId])
    expect(after.values.get(id)).toBe('late')
  })

  test('refuses a value sealed before it and written after it', async () => {
    const [id = ''] = await addProfiles(1)
    const late = store.sealing.seal('late', credentialOf(id))
    await rotateKeys(store.db, store.sealing, store.source, 0)
    const attempt = store.db.profiles.update({ credential: late }, { where: { id } })
    await expect(attempt).rejects.toMatchObject({ code: 'unavailable' })
    expect((await credentials(store.db, store.sealing)).values.get(id)).toBe(id)
  })

  test('is noticed by another process that shares the file', async () => {
    const [id = ''] = await addProfiles(1)
    const other = await openDatabase(store.url)
    const shared = createKeySource({ status: 'file', path: store.source.name })
    const theirs = await openSealing(other, shared)
    const before = (await other.profiles.findByPk(id))?.credential ?? ''
    const { keyId } = await rotateKeys(store.db, store.sealing, store.source, 0)
    expect(theirs.open(before, credentialOf(id))).toBe(id)
    expect((await credentials(other, theirs)).values.get(id)).toBe(id)
    expect(theirs.keyId).toBe(keyId)
    await other.close()
  })

  test('runs one at a time', async () => {
    await addProfiles(150)
    const [first, second] = await Promise.allSettled([
      rotateKeys(store.db, store.sealing, store.source, 0),
      rotateKeys(store.db, store.sealing, store.source, 0),
    ])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ reason: { code: 'conflict' } })
    await expect(rotateKeys(store.db, store.sealing, store.source, 0)).resolves.toMatchObject({
      rewrapped: 150,
    })
  })

  test('stops at a value it cannot read and keeps the key that may open it', async () => {
    const [id = '', other = ''] = await addProfiles(2)
    const { keyId } = store.sealing
    const sealed = (await store.db.profiles.findByPk(id))?.credential ?? ''
    const [format, key, wrapped = '', value] = sealed.split('.')
    const broken = [format, key, wrapped.split('').reverse().join(''), value].join('.')
    await store.db.profiles.update({ credential: broken }, { where: { id } })
    await expect(rotateKeys(store.db, store.sealing, store.source, 0)).rejects.toThrow(
      `profiles.credential of ${id} cannot be re-wrapped`,
    )
    expect(store.source.read().keys.has(keyId)).toBe(true)
    const untouched = (await store.db.profiles.findByPk(other))?.credential ?? ''
    expect(store.sealing.open(untouched, credentialOf(other))).toBe(other)
  })

  test('with keys from the configuration says what to do, then moves to the current one', async () => {
    const [id = ''] = await addProfiles(1)
    const old = store.source.read()
    const text = (keys: [string, Buffer][]) =>
      keys.map(([name, key]) => `${name}:${key.toString('base64')}`).join(',')
    const one = createKeySource({ status: 'text', text: text([...old.keys]) })
    const attempt = rotateKeys(store.db, await openSealing(store.db, one), one, 0)
    await expect(attempt).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('restart and rotate again') as string,
    })
    const next = createKey()
    const both = text([[next.id, next.key], ...old.keys])
    const two = createKeySource({ status: 'text', text: both })
    const answer = await rotateKeys(store.db, await openSealing(store.db, two), two, 0)
    expect(answer).toEqual({ keyId: next.id, rewrapped: 1 })
    const alone = createKeySource({ status: 'text', text: text([[next.id, next.key]]) })
    const after = await credentials(store.db, await openSealing(store.db, alone))
    expect(after.values.get(id)).toBe(id)
  })

  test.each(['with a new key', 'while re-wrapping', 'without the old key'])(
    'killed %s is finished by the next',
    async (when) => {
      const ids = await addProfiles(250)
      await store.db.close()
      const script = fileURLToPath(new URL('rotate-until-killed.ts', import.meta.url))
      const child = spawn(process.execPath, [script, store.url, store.source.name, when], {
        stdio: 'inherit',
      })
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])

      store.db = await openDatabase(store.url)
      store.sealing = await openSealing(store.db, store.source)
      const between = await credentials(store.db, store.sealing)
      expect(between.keys.size).toBe(when === 'while re-wrapping' ? 2 : 1)
      expect(ids.every((id) => between.values.get(id) === id)).toBe(true)

      const { keyId, rewrapped } = await rotateKeys(store.db, store.sealing, store.source, 0)
      expect(rewrapped).toBe(250)
      expect([...store.source.read().keys.keys()]).toEqual([keyId])
      expect(await checks()).toEqual([`sealing.check.${keyId}`])
      const after = await credentials(store.db, store.sealing)
      expect([...after.keys]).toEqual([keyId])
      expect(ids.every((id) => after.values.get(id) === id)).toBe(true)
    },
  )
})
