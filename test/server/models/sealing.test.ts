import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../server/models/database.ts'
import {
  createKey,
  createKeyFile,
  createKeySource,
  type KeySource,
} from '../../../server/models/key-source.ts'
import { openSealing, type Sealing } from '../../../server/models/sealing.ts'
import { dialects, type DatabaseHome } from '../../support/databases.ts'
import { addPersonWithGrant, credentialOf } from './rows.ts'

describe.each(dialects)('values sealed in $dialect', ({ home }) => {
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

  const anyKeys = (name = 'other.json') => createKeyFile(join(folder, name))

  test('a value opens at its place and at no other', () => {
    const place = { table: 'profiles', column: 'credential', row: 'a/b' }
    const sealed = sealing.seal('tøken', place)
    expect(sealing.open(sealed, place)).toBe('tøken')
    const elsewhere = [
      { ...place, row: 'a' },
      { ...place, table: 'clusters' },
      { ...place, column: 'keeper' },
      { ...place, column: 'credential/a', row: 'b' },
    ]
    for (const other of elsewhere)
      expect(() => sealing.open(sealed, other)).toThrow('cannot be opened')
    expect(sealing.seal('tøken', place)).not.toBe(sealed)
  })

  test('a value that was changed anywhere does not open', () => {
    const place = credentialOf('a')
    const sealed = sealing.seal('token', place)
    const other = sealing.seal('other', place)
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
      expect(() => sealing.open(it, place)).toThrow('profiles.credential of a cannot be opened')
    }
  })

  test('a wrong key with the right name refuses to start and changes nothing', async () => {
    const wrong = anyKeys()
    const key = { id: sealing.keyId, key: randomBytes(32) }
    wrong.write?.({ current: key.id, keys: new Map([[key.id, key.key]]) })
    const before = await contentOf(db, url)
    await expect(openSealing(db, wrong)).rejects.toThrow('not the one that sealed this database')
    expect(await contentOf(db, url)).toEqual(before)
  })

  test('a missing key refuses to start and changes nothing', async () => {
    const { profile } = await addPersonWithGrant(db)
    const credential = sealing.seal('token', credentialOf(profile.id))
    await profile.update({ credential })
    const before = await contentOf(db, url)
    await expect(openSealing(db, anyKeys())).rejects.toThrow(
      `profiles.credential is sealed with the key ${sealing.keyId}`,
    )
    expect(await contentOf(db, url)).toEqual(before)
  })

  test('opening again with the same key finds everything readable', async () => {
    const { profile } = await addPersonWithGrant(db)
    await profile.update({ credential: sealing.seal('token', credentialOf(profile.id)) })
    const again = await openDatabase(url)
    const reopened = await openSealing(again, source)
    const row = await again.profiles.findByPk(profile.id)
    expect(reopened.open(row?.credential ?? '', credentialOf(profile.id))).toBe('token')
    expect(reopened.keyId).toBe(sealing.keyId)
    await again.close()
  })

  test('a sealed column takes nothing that is not sealed', async () => {
    const { cluster, profile } = await addPersonWithGrant(db)
    const plain = { credential: 'plain-token' }
    const attempts = [
      () => profile.update(plain),
      () => db.profiles.update(plain, { where: { id: profile.id } }),
      () => db.profiles.create({ clusterId: cluster.id, name: 'x', kind: 'static', ...plain }),
      () =>
        db.profiles.bulkCreate([{ clusterId: cluster.id, name: 'y', kind: 'static', ...plain }]),
      () => db.clusters.upsert({ id: cluster.id, name: 'n', address: 'a', keeper: 'plain-token' }),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('sealed values only')
    expect(await db.profiles.count()).toBe(1)
  })

  test('a key that another process added is found when a value asks for it', async () => {
    const { id, key } = createKey()
    const other = createKeySource({ status: 'file', path: source.name })
    const place = credentialOf('a')
    const old = sealing.seal('old', place)
    other.write?.({ current: id, keys: new Map([...source.read().keys, [id, key]]) })
    const sealed = sealing.seal('new', place)
    expect(sealed).toMatch(`gh1.${id}.`)
    other.write?.({ current: id, keys: new Map([[id, key]]) })
    expect([sealing.open(old, place), sealing.open(sealed, place)]).toEqual(['old', 'new'])
  })

  test('a key that changed under its own name is not used', () => {
    const place = credentialOf('a')
    const old = sealing.seal('old', place)
    const { current } = source.read()
    source.write?.({ current, keys: new Map([[current, randomBytes(32)]]) })
    expect(() => sealing.seal('new', place)).toThrow('became another one')
    expect(sealing.open(old, place)).toBe('old')
  })

  test('what is stored holds no plain token, the journal beside the file neither', async () => {
    const { cluster, person, profile } = await addPersonWithGrant(db)
    const secret = `eyJhbGciOi.${randomBytes(24).toString('hex')}`
    const at = (table: string, column: string, row: string) => ({ table, column, row })
    await profile.update({ credential: sealing.seal(secret, credentialOf(profile.id)) })
    await cluster.update({
      keeper: sealing.seal(secret, at('clusters', 'keeper', cluster.id)),
      proxyUrl: sealing.seal(`http://u:${secret}@proxy`, at('clusters', 'proxyUrl', cluster.id)),
    })
    await db.sessions.create({
      id: 'session',
      personId: person.id,
      device: 'laptop',
      kind: 'device',
      expiresAt: new Date(),
      refreshSecret: sealing.seal(secret, at('sessions', 'refreshSecret', 'session')),
    })
    const before = await contentOf(db, url)
    if (db.dialect === 'sqlite') await db.sequelize.query('PRAGMA wal_checkpoint(TRUNCATE)')
    const after = await contentOf(db, url)
    for (const bytes of [before, after]) {
      expect(bytes.includes(profile.id)).toBe(true)
      for (const form of [secret, Buffer.from(secret).toString('base64').slice(4, -4)]) {
        expect(bytes.includes(form)).toBe(false)
      }
    }
    // The search itself finds what is there.
    await profile.update({ identity: secret })
    expect((await contentOf(db, url)).includes(secret)).toBe(true)
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
