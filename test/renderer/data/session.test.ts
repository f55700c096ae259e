import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Gateway as Api } from '#gateway'
import { startGateway, type TestGateway } from '../../support/gateway.ts'
import type * as Session from '../../../renderer/data/session.ts'
import { ask, cookieOf } from '../../server/rows/door.ts'

const credentials = { name: 'ada', password: 'correct horse battery staple' }
let gateway: TestGateway
let root: Api
/** What a browser keeps between two visits. */
let kept: Map<string, string>
let cookie: string | undefined

beforeAll(async () => {
  gateway = await startGateway()
  root = await gateway.admin()
  await root.persons.create(credentials)
})
afterAll(() => gateway.stop())
beforeEach(() => {
  kept = new Map()
  cookie = undefined
})

/** The page’s own part in a browser that is made by hand, before the real gateway. */
async function visit(store: Partial<Storage> = storage()): Promise<typeof Session> {
  vi.resetModules()
  const { address } = gateway
  vi.stubGlobal('window', { location: { host: new URL(address).host } })
  vi.stubGlobal('localStorage', store)
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body }: RequestInit) => {
    const headers = { origin: address, ...(cookie !== undefined && { cookie }) }
    const typed = { ...headers, ...(body != null && { 'content-type': 'application/json' }) }
    const answer = await ask(gateway, path, {
      method,
      headers: typed,
      ...(body != null && { body: String(body as string) }),
    })
    if (answer.headers['set-cookie']) cookie = cookieOf(answer).pair
    return new Response(answer.status === 204 ? null : answer.text, { status: answer.status })
  })
  return import('../../../renderer/data/session.ts')
}

const storage = (): Partial<Storage> => ({
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => void kept.set(key, value),
  removeItem: (key) => void kept.delete(key),
})

/** How often somebody was asked for who was not signed in, as the audit log has it. */
async function refusals(): Promise<number> {
  const { events } = await root.events.list({ action: 'persons.me', limit: 100 })
  return events.filter((it) => it.result === 'refused').length
}

test('a visitor who never signed in is shown the door, and nothing is on record', async () => {
  const before = await refusals()
  const page = await visit()
  await page.askSession()
  expect(page.useSession.getState()).toMatchObject({ status: 'signed out' })
  expect(await refusals()).toBe(before)
})

test('whoever signed in is known at the next visit, and no longer after signing out', async () => {
  const first = await visit()
  await first.signIn(credentials)
  const second = await visit()
  await second.askSession()
  expect(second.useSession.getState()).toMatchObject({
    status: 'signed in',
    person: { name: 'ada' },
  })
  const before = await refusals()
  await second.signOut()
  const third = await visit()
  await third.askSession()
  expect(third.useSession.getState()).toMatchObject({ status: 'signed out' })
  expect(await refusals()).toBe(before)
})

test('a session that was ended elsewhere is refused on record, once', async () => {
  const first = await visit()
  await first.signIn(credentials)
  cookie = `${cookie ?? ''}x`
  const before = await refusals()
  for (let visits = 0; visits < 3; visits += 1) {
    const page = await visit()
    await page.askSession()
    expect(page.useSession.getState()).toMatchObject({ status: 'signed out' })
  }
  expect(await refusals()).toBe(before + 1)
})

test('a browser that keeps nothing asks the gateway', async () => {
  const blocked = () => {
    throw new DOMException('The operation is insecure', 'SecurityError')
  }
  const store = { getItem: blocked, setItem: blocked, removeItem: blocked }
  await (await visit(store)).signIn(credentials)
  const page = await visit(store)
  await page.askSession()
  expect(page.useSession.getState()).toMatchObject({ status: 'signed in' })
})

test('the gateway itself records every call without a session as before', async () => {
  const before = await refusals()
  expect((await ask(gateway, '/api/me')).status).toBe(401)
  expect(await refusals()).toBe(before + 1)
})
