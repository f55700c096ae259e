import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../server/models/database.ts'
import { createKey, createKeyFile, createKeySource } from '../../../server/models/key-source.ts'
import { openSealing } from '../../../server/models/sealing.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { addPersonWithGrant, credentialOf } from './rows.ts'
import { openSealedDatabase, type SealedDatabase } from './sealed-database.ts'

describe.each(dialects)('values sealed in $dialect', ({ home }) => {
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

  const anyKeys = (name = 'other.json') => createKeyFile(join(store.folder, name))

  test('a value opens at its place and at no other', () => {
    const place = { table: 'profiles', column: 'credential', row: 'a/b' }
    const sealed = store.sealing.seal('tøken', place)
    expect(store.sealing.open(sealed, place)).toBe('tøken')
    const elsewhere = [
      { ...place, row: 'a' },
      { ...place, table: 'clusters' },
      { ...place, column: 'keeper' },
      { ...place, column: 'credential/a', row: 'b' },
    ]
    for (const other of elsewhere)
      expect(() => store.sealing.open(sealed, other)).toThrow('cannot be opened')
    expect(store.sealing.seal('tøken', place)).not.toBe(sealed)
  })

  test('a value that was changed anywhere does not open', () => {
    const place = credentialOf('a')
    const sealed = store.sealing.seal('token', place)
    const other = store.sealing.seal('other', place)
    const [format, id, wrapped, value] = sealed.split('.')
    const [, , otherWrapped, otherValue] = other.split('.')
    const flipped = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BA' : 'AA')
    const forged = [
      [format, id, otherWrapped, value].join('.'),
      [format, id, wrapped, otherValue].join('.'),
      [format, id, wrapped].join('.'),
      flipped,
      'token',
      '',
    ]
    for (const it of forged) {
      expect(() => store.sealing.open(it, place)).toThrow(
        'profiles.credential of a cannot be opened',
      )
    }
  })

  test('a wrong key with the right name refuses to start and changes nothing', async () => {
    const wrong = anyKeys()
    const key = { id: store.sealing.keyId, key: randomBytes(32) }
    wrong.write?.({ current: key.id, keys: new Map([[key.id, key.key]]) })
    const before = await contentOf(store.db, store.url)
    await expect(openSealing(store.db, wrong)).rejects.toThrow(
      'not the one that sealed this database',
    )
    expect(await contentOf(store.db, store.url)).toEqual(before)
  })

  test('a missing key refuses to start and changes nothing', async () => {
    const { profile } = await addPersonWithGrant(store.db)
    const credential = store.sealing.seal('token', credentialOf(profile.id))
    await profile.update({ credential })
    const before = await contentOf(store.db, store.url)
    await expect(openSealing(store.db, anyKeys())).rejects.toThrow(
      `profiles.credential is sealed with the key ${store.sealing.keyId}`,
    )
    expect(await contentOf(store.db, store.url)).toEqual(before)
  })

  test('opening again with the same key finds everything readable', async () => {
    const { profile } = await addPersonWithGrant(store.db)
    await profile.update({ credential: store.sealing.seal('token', credentialOf(profile.id)) })
    const again = await openDatabase(store.url)
    const reopened = await openSealing(again, store.source)
    const row = await again.profiles.findByPk(profile.id)
    expect(reopened.open(row?.credential ?? '', credentialOf(profile.id))).toBe('token')
    expect(reopened.keyId).toBe(store.sealing.keyId)
    await again.close()
  })

  test('a sealed column takes nothing that is not sealed', async () => {
    const { cluster, profile } = await addPersonWithGrant(store.db)
    const plain = { credential: 'plain-token' }
    const attempts = [
      () => profile.update(plain),
      () => store.db.profiles.update(plain, { where: { id: profile.id } }),
      () =>
        store.db.profiles.create({ clusterId: cluster.id, name: 'x', kind: 'static', ...plain }),
      () =>
        store.db.profiles.bulkCreate([
          { clusterId: cluster.id, name: 'y', kind: 'static', ...plain },
        ]),
      () =>
        store.db.clusters.upsert({
          id: cluster.id,
          name: 'n',
          address: 'a',
          keeper: 'plain-token',
        }),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('sealed values only')
    expect(await store.db.profiles.count()).toBe(1)
  })

  test('a key that another process added is found when a value asks for it', async () => {
    const { id, key } = createKey()
    const other = createKeySource({ status: 'file', path: store.source.name })
    const place = credentialOf('a')
    const old = store.sealing.seal('old', place)
    other.write?.({ current: id, keys: new Map([...store.source.read().keys, [id, key]]) })
    const sealed = store.sealing.seal('new', place)
    expect(sealed).toMatch(`gh1.${id}.`)
    other.write?.({ current: id, keys: new Map([[id, key]]) })
    expect([store.sealing.open(old, place), store.sealing.open(sealed, place)]).toEqual([
      'old',
      'new',
    ])
  })

  test('a key that changed under its own name is not used', () => {
    const place = credentialOf('a')
    const old = store.sealing.seal('old', place)
    const { current } = store.source.read()
    store.source.write?.({ current, keys: new Map([[current, randomBytes(32)]]) })
    expect(() => store.sealing.seal('new', place)).toThrow('became another one')
    expect(store.sealing.open(old, place)).toBe('old')
  })

  test('what is stored holds no plain token, the journal beside the file neither', async () => {
    const { cluster, person, profile } = await addPersonWithGrant(store.db)
    const secret = `eyJhbGciOi.${randomBytes(24).toString('hex')}`
    const at = (table: string, column: string, row: string) => ({ table, column, row })
    await profile.update({ credential: store.sealing.seal(secret, credentialOf(profile.id)) })
    await cluster.update({
      keeper: store.sealing.seal(secret, at('clusters', 'keeper', cluster.id)),
      proxyUrl: store.sealing.seal(
        `http://u:${secret}@proxy`,
        at('clusters', 'proxyUrl', cluster.id),
      ),
    })
    await store.db.sessions.create({
      id: 'session',
      personId: person.id,
      device: 'laptop',
      kind: 'device',
      expiresAt: new Date(),
      refreshSecret: store.sealing.seal(secret, at('sessions', 'refreshSecret', 'session')),
    })
    const before = await contentOf(store.db, store.url)
    if (store.db.dialect === 'sqlite')
      await store.db.sequelize.query('PRAGMA wal_checkpoint(TRUNCATE)')
    const after = await contentOf(store.db, store.url)
    for (const bytes of [before, after]) {
      expect(bytes.includes(profile.id)).toBe(true)
      for (const form of [secret, Buffer.from(secret).toString('base64').slice(4, -4)]) {
        expect(bytes.includes(form)).toBe(false)
      }
    }
    // The search itself finds what is there.
    await profile.update({ identity: secret })
    expect((await contentOf(store.db, store.url)).includes(secret)).toBe(true)
  })
})

/** The bytes on disk, or the rows where the disk is a server's. */
async function contentOf(db: Database, url: string): Promise<Buffer> {
  if (db.dialect === 'sqlite') return bytesOf(url)
  const tables = ['settings', 'profiles', 'clusters', 'sessions', 'persons', 'grants']
  const read = async (table: string) => (await db.sequelize.query(`SELECT * FROM ${table}`))[0]
  return Buffer.from(JSON.stringify(await Promise.all(tables.map(read))))
}

/** The database file and everything beside it, the journal above all. */
async function bytesOf(url: string): Promise<Buffer> {
  const path = url.slice('sqlite:'.length)
  const folder = join(path, '..')
  const names = (await readdir(folder)).map((name) => join(folder, name))
  const ours = names.filter((name) => name.startsWith(path) && !name.endsWith('-shm')).sort()
  return Buffer.concat(await Promise.all(ours.map((name) => readFile(name))))
}
