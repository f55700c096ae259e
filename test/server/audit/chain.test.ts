import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest'
import { openAudit, readStored, stableWriter, verifyChain } from '../../../server/audit/index.ts'
import { hashOf } from '../../../server/audit/chain.ts'
import type { Database } from '../../../server/models/database.ts'
import { type DatabaseHome, dialects } from '../../support/databases.ts'
import {
  attempt,
  change,
  eventsOf,
  newKey,
  openWorld,
  silent,
  verdictOf,
  type World,
} from './chains.ts'

describe.each(dialects)('on $dialect', ({ home: open }) => {
  let home: DatabaseHome
  let world: World
  beforeAll(async () => {
    home = await open()
  })
  afterAll(() => home.end())
  beforeEach(async () => {
    world = await openWorld(await home.fresh())
  })
  afterEach(() => world.close())

  test('a chain of many changes verifies from its start to its last signature', async () => {
    await Promise.all(Array.from({ length: 40 }, () => change(world.audit)))
    world = await world.restart()
    const verdict = await verdictOf(world)
    // start, 40 × 2, stop, start
    expect(verdict).toMatchObject({ status: 'intact', records: 83, unsigned: 0, gaps: [] })
    expect(await verifyChain(readStored(world.db), world.audit.chain().publicKeyPem)).toEqual(
      verdict,
    )
    expect(world.audit.chain()).toMatchObject({ writer: 'here', length: 83, healthy: true })
  })

  test('reads are written without anybody waiting, in the order they were told', async () => {
    for (let turn = 0; turn < 1500; turn++) world.audit.read(attempt({ name: `pod-${turn}` }))
    world = await world.restart()
    const names = (await eventsOf(world, { verb: 'delete' })).map((it) => it.name)
    expect(names).toEqual(Array.from({ length: 1000 }, (_, turn) => `pod-${turn + 500}`))
    expect(await verdictOf(world)).toMatchObject({ status: 'intact', records: 1503 })
  })

  test('a crowd of two thousand records is signed before it ends', async () => {
    await Promise.all(Array.from({ length: 2000 }, () => world.audit.event(attempt())))
    const signed = await world.db.checkpoints.findAll({ order: [['sequence', 'ASC']] })
    expect(signed.length).toBeGreaterThanOrEqual(2)
    expect(await verdictOf(world)).toMatchObject({ status: 'intact', records: 2001 })
  })

  const tamperings: Record<string, { at: string; tamper: (db: Database) => Promise<unknown> }> = {
    'a changed body': {
      at: 'here#5',
      tamper: async (db) => {
        const row = await db.events.findOne({ where: { sequence: 5 }, rejectOnEmpty: true })
        await row.update({ body: row.body.replace('alice', 'mallo') })
      },
    },
    'a changed body with a hash that fits it': {
      at: 'here#6',
      tamper: async (db) => {
        const row = await db.events.findOne({ where: { sequence: 5 }, rejectOnEmpty: true })
        const body = row.body.replace('alice', 'mallo')
        await row.update({ body, personName: 'mallo', hash: hashOf(row.previousHash, body) })
      },
    },
    'a changed column': {
      at: 'here#5',
      tamper: (db) => db.events.update({ verb: 'get' }, { where: { sequence: 5 } }),
    },
    'a removed record': {
      at: 'here#6',
      tamper: (db) => db.events.destroy({ where: { sequence: 5 } }),
    },
    'a removed beginning': {
      at: 'here#1',
      tamper: (db) => db.events.destroy({ where: { sequence: 1 } }),
    },
    'an inserted record': {
      at: 'here#14',
      tamper: async (db) => {
        const row = await db.events.findOne({ where: { sequence: 12 }, rejectOnEmpty: true })
        await db.events.create({ ...row.get(), sequence: 14 })
      },
    },
    'two records that changed places': {
      at: 'here#5',
      tamper: async (db) => {
        await db.events.update({ sequence: 99 }, { where: { sequence: 5 } })
        await db.events.update({ sequence: 5 }, { where: { sequence: 6 } })
        await db.events.update({ sequence: 6 }, { where: { sequence: 99 } })
      },
    },
    'a cut tail': {
      at: 'here#12',
      tamper: (db) => db.events.destroy({ where: { sequence: [7, 8, 9, 10, 11, 12] } }),
    },
    'a forged checkpoint': {
      at: 'here#12',
      tamper: (db) => db.checkpoints.update({ at: new Date(0) }, { where: { sequence: 12 } }),
    },
    'a checkpoint of another key': {
      at: 'here#12',
      tamper: (db) =>
        db.checkpoints.update({ keyId: '0123456789abcdef' }, { where: { sequence: 12 } }),
    },
    'a removed last checkpoint': {
      at: 'here#12',
      tamper: (db) => db.checkpoints.destroy({ where: { sequence: 12 } }),
    },
    'a rewritten chain': {
      at: 'here#12',
      tamper: rewrite,
    },
  }

  test.each(Object.entries(tamperings))('%s: found, and where', async (_name, { at, tamper }) => {
    for (let turn = 0; turn < 5; turn++) await change(world.audit)
    // 1 start, 10 records, 1 stop
    await world.audit.close()
    const key = world.audit.chain().publicKeyPem
    expect(await verifyChain(readStored(world.db), key)).toMatchObject({
      status: 'intact',
      records: 12,
    })
    await tamper(world.db)
    expect(await verifyChain(readStored(world.db), key)).toMatchObject({ status: 'broken', at })
    expect(await verdictOf(world)).toMatchObject({ status: 'broken', at })
  })

  test('a tail that was cut between two runs stays visible in the next run', async () => {
    for (let turn = 0; turn < 5; turn++) await change(world.audit)
    world = await world.restart((db) => db.events.destroy({ where: { sequence: [9, 10, 11, 12] } }))
    await change(world.audit)
    const gaps = (await eventsOf(world)).filter((it) => it.phase === 'gap')
    expect(gaps[0]?.reason).toContain('does not verify: here#12')
    expect(await verdictOf(world)).toMatchObject({ status: 'broken', at: 'here#12' })
  })

  test('an altered record is listed as altered, not as what it says now', async () => {
    const { id } = await change(world.audit)
    await world.db.events.update({ personName: 'bob' }, { where: { id, phase: 'outcome' } })
    const events = await eventsOf(world, { person: 'bob' })
    expect(events).toMatchObject([{ action: 'altered', result: 'unknown' }])
    expect(events[0]).not.toHaveProperty('person')
  })

  test('each writer has a chain of its own, and all of them verify together', async () => {
    const other = await openAudit({ db: world.db, key: newKey(), writer: 'there', log: silent })
    await Promise.all([change(world.audit), change(other), change(world.audit), change(other)])
    await other.close()
    const keys = world.audit.chain().publicKeyPem + other.chain().publicKeyPem
    const verdict = await verifyChain(readStored(world.db), keys)
    expect(verdict).toMatchObject({
      status: 'intact',
      chains: [
        { writer: 'here', records: 5 },
        { writer: 'there', records: 6 },
      ],
    })
  })

  test('a second process with the name of a chain stops the first instead of forking it', async () => {
    const twin = await openAudit({ db: world.db, key: newKey(), writer: 'here', log: silent })
    await expect(world.audit.intent(attempt())).rejects.toMatchObject({ code: 'unavailable' })
    await expect
      .poll(() => world.audit.state, { timeout: 30_000 })
      .toMatchObject({ status: 'failing', reason: 'somebody else wrote record 2 of here' })
    await twin.close()
  })

  test('a call inside somebody’s transaction does not take part in it', async () => {
    const told = await world.db.transaction(async (transaction) => {
      const intent = world.audit.intent(attempt({ name: 'inside' }))
      // Long enough for the group commit to begin while this is still open.
      for (let turn = 0; turn < 100; turn++) await world.db.settings.count({ transaction })
      return { intent }
    })
    await expect(told.intent).resolves.toBeUndefined()
    const [event] = await eventsOf(world, { verb: 'delete' })
    expect(event).toMatchObject({ phase: 'intent', name: 'inside' })
  })

  test('a host keeps the name of its chain', async () => {
    const name = await stableWriter(world.db, 'Gate-1.example')
    expect(name).toMatch(/^gate-1-example\.[0-9a-f]{8}$/)
    expect(await stableWriter(world.db, 'Gate-1.example')).toBe(name)
  })
})

/** What an intruder in the database can do at best: a new history that links, without the key. */
async function rewrite(db: Database): Promise<void> {
  const rows = await db.events.findAll({ order: [['sequence', 'ASC']] })
  let previousHash = rows[0]?.previousHash ?? ''
  for (const row of rows) {
    const body = row.body.replace('alice', 'mallo')
    const personName = row.personName === 'alice' ? 'mallo' : row.personName
    const hash = hashOf(previousHash, body)
    await row.update({ body, personName, previousHash, hash })
    previousHash = hash
  }
}
