import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Audit } from '../../../server/audit/index.ts'
import { verifyExport } from '../../../server/audit/verify-file.ts'
import { type EventFilter, events as contract } from '../../../server/contract/events.ts'
import { eventRoutes } from '../../../server/routes/events.ts'
import { type DatabaseHome, dialects } from '../../support/databases.ts'
import { attempt, change, eventsOf, exported, openWorld, verdictOf, type World } from './chains.ts'

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

  test('every filter finds its own and nothing else', async () => {
    const { audit } = world
    const session = randomUUID()
    const wanted = attempt({
      action: 'grants.create',
      result: 'refused',
      person: 'bob',
      session,
      cluster: 'test',
      namespace: 'bank',
      resource: 'secrets',
      verb: 'create',
    })
    await Promise.all([audit.event(wanted), ...Array.from({ length: 5 }, () => change(audit))])
    const filters: EventFilter[] = [
      { person: 'bob' },
      { session },
      { cluster: 'test' },
      { namespace: 'bank' },
      { resource: 'secrets' },
      { verb: 'create' },
      { action: 'grants.create' },
      { result: 'refused' },
      { id: wanted.id },
      { person: 'bob', cluster: 'test', since: new Date(Date.now() - 60_000).toISOString() },
    ]
    for (const filter of filters) {
      const found = await audit.list(filter, { limit: 100 })
      expect(found, JSON.stringify(filter)).toMatchObject({ events: [{ id: wanted.id }] })
    }
    const later = await audit.list(
      { since: new Date(Date.now() + 1000).toISOString() },
      { limit: 9 },
    )
    expect(later).toEqual({ events: [] })
  })

  test('pages are whole, newest first, also when everything happened in the same millisecond', async () => {
    const { audit } = world
    await Promise.all(Array.from({ length: 30 }, () => change(audit)))
    const moment = new Date()
    await world.db.events.update({ at: moment }, { where: {} })
    const pages = await pagesOf(audit, 7)
    expect(pages.map((page) => page.length)).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 5])
    expect(pages.flat()).toEqual(Array.from({ length: 61 }, (_, turn) => 61 - turn))
  })

  test('a cursor that is none of ours is a wrong input', async () => {
    for (const before of ['x', '1.2', "1.2.here' OR 1=1", '99999999999999999.1.here'])
      await expect(world.audit.list({}, { limit: 1, before })).rejects.toMatchObject({
        code: 'invalid_input',
        fields: { before: expect.any(String) as string },
      })
  })

  test('the routes answer as the contract says', async () => {
    await change(world.audit)
    const routes = eventRoutes(world)
    const visitor = { source: '127.0.0.1', requestId: randomUUID(), userAgent: '' }
    const identity = {
      person: { id: '', name: 'root', admin: true },
      session: { id: '', expiresAt: new Date(), kind: 'device' as const },
    }
    const actor = {
      ...visitor,
      personId: '',
      name: 'root',
      admin: true,
      sessionId: '',
      identity,
    }
    const page = await routes.list({ limit: 2, person: 'alice' }, actor)
    expect(contract.list.output.parse(page)).toEqual(page)
    expect(page.events.map((it) => it.phase)).toEqual(['outcome', 'intent'])
    const chain = await routes.chain({}, actor)
    expect(contract.chain.output.parse(chain)).toMatchObject({ length: 3, healthy: true })
  })

  test('an export is verified without the database, and each altered byte is found', async () => {
    for (let turn = 0; turn < 3; turn++) await change(world.audit)
    world = await world.restart()
    const text = await exported(world.audit)
    const key = world.audit.chain().publicKeyPem
    expect(await verifyExport(once(text), key)).toMatchObject({ status: 'intact', records: 9 })
    // Every 7th byte: changed, or left out.
    for (let at = 0; at < text.length - 1; at += 7) {
      const other = text[at] === 'a' ? 'b' : 'a'
      const changed = text.slice(0, at) + other + text.slice(at + 1)
      const shorter = text.slice(0, at) + text.slice(at + 1)
      for (const forged of [changed, shorter])
        expect(await verifyExport(once(forged), key), forged.slice(at - 30, at + 30)).toMatchObject(
          { status: 'broken' },
        )
    }
  })

  test('an export of some time is verified as the part it is', async () => {
    await change(world.audit)
    world = await world.restart()
    const since = new Date().toISOString()
    await change(world.audit)
    world = await world.restart()
    const part = () => world.audit.export({ since })
    const key = world.audit.chain().publicKeyPem
    expect(await verifyExport(part(), key)).toMatchObject({ status: 'broken' })
    const verdict = await verifyExport(part(), key, { partial: true })
    expect(verdict).toMatchObject({ status: 'intact', unsigned: 0 })
    expect(await verifyExport(world.audit.export({ verb: 'none' }), key)).toMatchObject({
      status: 'intact',
      records: 0,
    })
  })

  test('a flood of strangers becomes a count, and nobody who signed in is counted', async () => {
    const { audit } = world
    const stranger = (source: string, turn: number) => {
      const { personId: _, session: __, ...unknown } = attempt({ result: 'refused', status: 401 })
      return { ...unknown, source, name: `turn-${turn}` }
    }
    for (let turn = 0; turn < 100; turn++) {
      await audit.event(stranger('10.0.0.9', turn))
      // One house: the same /64.
      await audit.event(stranger(`2001:db8:0:7::${turn.toString(16)}`, turn))
      await audit.event(attempt({ result: 'refused', status: 403, source: '10.0.0.9' }))
    }
    world = await world.restart()
    const events = await eventsOf(world, { result: 'refused' })
    const of = (status: number) => events.filter((it) => it.status === status).length
    expect([of(401), of(403)]).toEqual([40, 100])
    const counted = events.filter((it) => it.action === 'refusals')
    expect(counted.map((it) => [it.source, it.detail])).toEqual([
      ['10.0.0.9', { count: '80' }],
      ['2001:db8:0:7::/64', { count: '80' }],
    ])
  })

  test('what is kept holds no token, no query and nothing that fools a terminal', async () => {
    const jwt = `eyJhbGciOiJFZERTQSJ9.${'x'.repeat(40)}.${'y'.repeat(40)}`
    const made = attempt({
      path: `/api/v1/${'p'.repeat(3000)}?token=${jwt}`,
      name: 'a\u0000b\u001b[31mc\u202ed\ud800',
      reason: `Bearer ${jwt} was refused, ghr_abc.1.${'z'.repeat(30)} too`,
      detail: { header: jwt },
      milliseconds: Number.NaN,
    })
    await world.audit.event(made)
    const [event] = await eventsOf(world, { id: made.id })
    expect(event?.path).toHaveLength(2048)
    expect(event?.name).toBe('a\\u0000b\\u001b[31mc\\u202ed\\ud800')
    expect(event?.reason).toBe('[redacted] was refused, [redacted] too')
    expect(event?.detail).toEqual({ header: '[redacted]' })
    expect(JSON.stringify(await world.db.events.findAll())).not.toContain('xxxx')
    expect(await verdictOf(world)).toMatchObject({ status: 'intact' })
  })
})

async function pagesOf(audit: Audit, limit: number): Promise<number[][]> {
  const pages: number[][] = []
  let before: string | undefined
  do {
    const page = await audit.list({}, { limit, before })
    pages.push(page.events.map((it) => it.sequence))
    before = page.next
  } while (before !== undefined)
  return pages
}

async function* once(text: string): AsyncIterable<string> {
  yield await Promise.resolve(text)
}
