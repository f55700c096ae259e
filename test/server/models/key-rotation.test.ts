import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../server/models/database.ts'
import { rotateKeys } from '../../../server/models/key-rotation.ts'
import {
  createKey,
  createKeyFile,
  createKeySource,
  type KeySource,
} from '../../../server/models/key-source.ts'
import { openSealing, type Sealing } from '../../../server/models/sealing.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { addPersonWithGrant, credentialOf } from './rows.ts'

describe.each(dialects)('a key rotation on $dialect', ({ home }) => {
  let databases: DatabaseHome
  let folder: string
  let url: string
  let db: Database
  let source: KeySource
  let sealing: Sealing

  beforeAll(async () => {
    databases = await home()
  })
  afterAll(() => databases.end())
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'))
    url = await databases.fresh()
    db = await openDatabase(url)
    source = createKeyFile(join(folder, 'sealing-keys.json'))
    sealing = await openSealing(db, source)
  })
  afterEach(async () => {
    await db.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Profiles whose credential is their own id. */
  async function addProfiles(count: number): Promise<string[]> {
    const { cluster } = await addPersonWithGrant(db)
    const ids = Array.from({ length: count }, () => crypto.randomUUID())
    await db.profiles.bulkCreate(
      ids.map((id, at) => ({
        id,
        clusterId: cluster.id,
        name: `profile-${at}`,
        kind: 'static' as const,
        credential: sealing.seal(id, credentialOf(id)),
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
    (await db.settings.findAll()).map((it) => it.key).filter((key) => key.startsWith('sealing.'))

  test('re-wraps every value under a new key and forgets the old one', async () => {
    const ids = await addProfiles(250)
    const old = sealing.keyId
    const { keyId, rewrapped } = await rotateKeys(db, sealing, source, 0)
    expect(rewrapped).toBe(250)
    expect([...source.read().keys.keys()]).toEqual([keyId])
    expect(keyId).not.toBe(old)
    expect(await checks()).toEqual([`sealing.check.${keyId}`])
    const after = await credentials(db, await openSealing(db, source))
    expect([...after.keys]).toEqual([keyId])
    expect(ids.every((id) => after.values.get(id) === id)).toBe(true)
  })

  test('covers every sealed column and leaves the time of change as it was', async () => {
    const { cluster, person } = await addPersonWithGrant(db)
    const place = (table: string, column: string, row: string) => ({ table, column, row })
    const places = {
      keeper: place('clusters', 'keeper', cluster.id),
      proxyUrl: place('clusters', 'proxyUrl', cluster.id),
      refreshSecret: place('sessions', 'refreshSecret', 's'),
    }
    const [keeper, proxyUrl] = [places.keeper, places.proxyUrl].map((it) => sealing.seal('x', it))
    await cluster.update({ keeper: keeper ?? null, proxyUrl: proxyUrl ?? null })
    const refreshSecret = sealing.seal('x', places.refreshSecret)
    const device = { device: 'laptop', kind: 'device' as const, expiresAt: new Date() }
    const session = await db.sessions.create({
      id: 's',
      personId: person.id,
      ...device,
      refreshSecret,
    })
    const { updatedAt } = await cluster.reload()
    const { keyId, rewrapped } = await rotateKeys(db, sealing, source, 0)
    expect(rewrapped).toBe(3)
    await Promise.all([cluster.reload(), session.reload()])
    for (const value of [cluster.keeper, cluster.proxyUrl, session.refreshSecret]) {
      expect(value).toMatch(`gh1.${keyId}.`)
    }
    expect(sealing.open(cluster.keeper ?? '', places.keeper)).toBe('x')
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
        const credential = sealing.seal(value, credentialOf(id))
        await db.profiles.update({ credential }, { where: { id } })
        latest.set(id, value)
      }
    }
    const writers = [0, 1, 2, 3].map((at) => writer(ids.filter((_, index) => index % 4 === at)))
    const { keyId } = await rotateKeys(db, sealing, source, 50)
    rotated = true
    await Promise.all(writers)
    expect(writes).toBeGreaterThan(10)
    const after = await credentials(db, sealing)
    expect(after.values).toEqual(latest)
    expect([...after.keys]).toEqual([keyId])
  })

  test('goes another round for a value that arrives under the old key at the last moment', async () => {
    const [id = ''] = await addProfiles(3)
    const late = sealing.seal('late', credentialOf(id))
    let arrived = false
    db.profiles.addHook('beforeFind', async ({ limit, transaction = null }) => {
      // The look for leftovers, after everything was re-wrapped.
      if (arrived || limit !== 1 || !transaction) return
      arrived = true
      await db.profiles.update({ credential: late }, { where: { id }, transaction })
    })
    const { keyId, rewrapped } = await rotateKeys(db, sealing, source, 0)
    expect([arrived, rewrapped]).toEqual([true, 4])
    const after = await credentials(db, sealing)
    expect([...after.keys]).toEqual([keyId])
    expect(after.values.get(id)).toBe('late')
  })

  test('refuses a value sealed before it and written after it', async () => {
    const [id = ''] = await addProfiles(1)
    const late = sealing.seal('late', credentialOf(id))
    await rotateKeys(db, sealing, source, 0)
    const attempt = db.profiles.update({ credential: late }, { where: { id } })
    await expect(attempt).rejects.toMatchObject({ code: 'unavailable' })
    expect((await credentials(db, sealing)).values.get(id)).toBe(id)
  })

  test('is noticed by another process that shares the file', async () => {
    const [id = ''] = await addProfiles(1)
    const other = await openDatabase(url)
    const shared = createKeySource({ status: 'file', path: source.name })
    const theirs = await openSealing(other, shared)
    const before = (await other.profiles.findByPk(id))?.credential ?? ''
    const { keyId } = await rotateKeys(db, sealing, source, 0)
    expect(theirs.open(before, credentialOf(id))).toBe(id)
    expect((await credentials(other, theirs)).values.get(id)).toBe(id)
    expect(theirs.keyId).toBe(keyId)
    await other.close()
  })

  test('runs one at a time', async () => {
    await addProfiles(150)
    const [first, second] = await Promise.allSettled([
      rotateKeys(db, sealing, source, 0),
      rotateKeys(db, sealing, source, 0),
    ])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ reason: { code: 'conflict' } })
    await expect(rotateKeys(db, sealing, source, 0)).resolves.toMatchObject({ rewrapped: 150 })
  })

  test('stops at a value it cannot read and keeps the key that may open it', async () => {
    const [id = '', other = ''] = await addProfiles(2)
    const { keyId } = sealing
    const sealed = (await db.profiles.findByPk(id))?.credential ?? ''
    const [format, key, wrapped = '', value] = sealed.split('.')
    const broken = [format, key, wrapped.split('').reverse().join(''), value].join('.')
    await db.profiles.update({ credential: broken }, { where: { id } })
    await expect(rotateKeys(db, sealing, source, 0)).rejects.toThrow(
      `profiles.credential of ${id} cannot be re-wrapped`,
    )
    expect(source.read().keys.has(keyId)).toBe(true)
    const untouched = (await db.profiles.findByPk(other))?.credential ?? ''
    expect(sealing.open(untouched, credentialOf(other))).toBe(other)
  })

  test('with keys from the configuration says what to do, then moves to the current one', async () => {
    const [id = ''] = await addProfiles(1)
    const old = source.read()
    const text = (keys: [string, Buffer][]) =>
      keys.map(([name, key]) => `${name}:${key.toString('base64')}`).join(',')
    const one = createKeySource({ status: 'text', text: text([...old.keys]) })
    const attempt = rotateKeys(db, await openSealing(db, one), one, 0)
    await expect(attempt).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('restart and rotate again') as string,
    })
    const next = createKey()
    const both = text([[next.id, next.key], ...old.keys])
    const two = createKeySource({ status: 'text', text: both })
    const answer = await rotateKeys(db, await openSealing(db, two), two, 0)
    expect(answer).toEqual({ keyId: next.id, rewrapped: 1 })
    const alone = createKeySource({ status: 'text', text: text([[next.id, next.key]]) })
    const after = await credentials(db, await openSealing(db, alone))
    expect(after.values.get(id)).toBe(id)
  })

  test.each(['with a new key', 'while re-wrapping', 'without the old key'])(
    'killed %s is finished by the next',
    async (when) => {
      const ids = await addProfiles(250)
      await db.close()
      const script = fileURLToPath(new URL('rotate-until-killed.ts', import.meta.url))
      const child = spawn(process.execPath, [script, url, source.name, when], { stdio: 'inherit' })
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])

      db = await openDatabase(url)
      sealing = await openSealing(db, source)
      const between = await credentials(db, sealing)
      expect(between.keys.size).toBe(when === 'while re-wrapping' ? 2 : 1)
      expect(ids.every((id) => between.values.get(id) === id)).toBe(true)

      const { keyId, rewrapped } = await rotateKeys(db, sealing, source, 0)
      expect(rewrapped).toBe(250)
      expect([...source.read().keys.keys()]).toEqual([keyId])
      expect(await checks()).toEqual([`sealing.check.${keyId}`])
      const after = await credentials(db, sealing)
      expect([...after.keys]).toEqual([keyId])
      expect(ids.every((id) => after.values.get(id) === id)).toBe(true)
    },
  )
})
