import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDesk, type Clerk, type Desk } from './desk.ts'

let desk: Desk
let viewer: Clerk
/** Everything but the values of Secrets. */
let blind: Clerk
let boss: Clerk
const password = randomBytes(12).toString('hex')
const encoded = Buffer.from(password).toString('base64')
const kind = { group: '', version: 'v1', resource: 'secrets' } as const

beforeAll(async () => {
  desk = await openDesk()
  viewer = await desk.clerk('viewer')
  blind = await desk.clerk('admin', { capabilities: ['exec'] })
  boss = await desk.clerk('admin')
})
afterAll(() => desk.stop())

/** As kubectl leaves it: the values a second time in an annotation. */
async function makeSecret(name: string) {
  const written = { kind: 'Secret', data: { password: encoded }, stringData: { word: password } }
  const applied = 'kubectl.kubernetes.io/last-applied-configuration'
  await desk.make(`/api/v1/namespaces/${desk.namespace}/secrets`, {
    metadata: { name, annotations: { [applied]: JSON.stringify(written) } },
    data: { password: encoded, user: Buffer.from('ada').toString('base64') },
  })
  return { ...kind, namespace: desk.namespace, name }
}

const stored = async (name: string) => {
  const path = `/api/v1/namespaces/${desk.namespace}/secrets/${name}`
  return desk.world.cluster.api.want<{
    data: Record<string, string>
    metadata: { annotations: Record<string, string>; resourceVersion: string }
  }>(path)
}

const hidden = (value: unknown) => {
  const text = JSON.stringify(value)
  expect(text).not.toContain(password)
  expect(text).not.toContain(encoded)
  return text
}

describe('a Secret that is opened', () => {
  // S1-T13
  test('shows its keys and no value, whoever opens it', async () => {
    const ref = await makeSecret('opened')
    for (const clerk of [boss, blind]) {
      const { object } = await clerk.api.objects.get({ ...clerk.place, ...ref })
      expect(object['data']).toEqual({ password: '', user: '' })
      expect(hidden(object)).toContain('last-applied-configuration')
    }
  })

  test('is not opened with a profile that may not in the cluster', async () => {
    const ref = await makeSecret('unseen')
    const attempt = viewer.api.objects.get({ ...viewer.place, ...ref })
    await expect(attempt).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('profile "viewer" has not this right') as string,
    })
  })
})

describe('a value', () => {
  const reveal = (clerk: Clerk, name: string, key: string) =>
    clerk.api.secrets.reveal({ ...clerk.place, namespace: desk.namespace, name, key })

  test('is revealed one at a time, and which one is on record before', async () => {
    await makeSecret('shown')
    expect(await reveal(boss, 'shown', 'password')).toEqual({
      value: password,
      encoding: 'text',
      bytes: password.length,
    })
    const records = await desk.records(boss, 'secrets.reveal', 2)
    expect(records.map((it) => [it.phase, it.result, it.verb, it.name, it.detail])).toEqual([
      ['intent', 'allowed', 'get', 'shown', { key: 'password' }],
      ['outcome', 'allowed', 'get', 'shown', { key: 'password' }],
    ])
    hidden(records)
    hidden(desk.world.gateway.logged)
  })

  test('that is no text comes as base64', async () => {
    const bytes = randomBytes(32)
    bytes[0] = 0xff
    await desk.make(`/api/v1/namespaces/${desk.namespace}/secrets`, {
      metadata: { name: 'binary' },
      data: { raw: bytes.toString('base64') },
    })
    expect(await reveal(boss, 'binary', 'raw')).toEqual({
      value: bytes.toString('base64'),
      encoding: 'base64',
      bytes: 32,
    })
  })

  test('needs the capability, and the refusal is on record', async () => {
    await makeSecret('closed')
    await expect(reveal(blind, 'closed', 'password')).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('capability "secrets"') as string,
    })
    expect(await desk.records(blind, 'secrets.reveal')).toMatchObject([
      { phase: 'event', result: 'refused', name: 'closed', detail: { key: 'password' } },
    ])
  })

  test('of a key that is not there is not found', async () => {
    await makeSecret('keys')
    for (const key of ['nothing', '__proto__', 'constructor'])
      await expect(reveal(boss, 'keys', key)).rejects.toMatchObject({ code: 'not_found' })
    await expect(reveal(boss, 'keys', '../x')).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('writing in the blanked form', () => {
  test('keeps the values that were not shown, and the note of kubectl', async () => {
    const ref = { ...boss.place, ...(await makeSecret('kept')) }
    const before = await stored('kept')
    const { object } = await boss.api.objects.get(ref)
    const edited = { ...object, stringData: { more: 'new' } }
    const { before: was, after } = await boss.api.objects.replace({ ...ref, object: edited })
    hidden([was, after])
    const now = await stored('kept')
    expect(now.data).toEqual({ ...before.data, more: Buffer.from('new').toString('base64') })
    expect(now.metadata.annotations).toEqual(before.metadata.annotations)
  })

  test('removes a key that was taken out, and makes one empty only when told so', async () => {
    const ref = { ...boss.place, ...(await makeSecret('less')) }
    const { object } = await boss.api.objects.get(ref)
    const edited = { ...object, data: { user: '' }, stringData: { user: '' } }
    await boss.api.objects.replace({ ...ref, object: edited })
    expect((await stored('less')).data).toEqual({ user: '' })
  })

  test('refuses a key that was renamed, for its value would be lost', async () => {
    const ref = { ...boss.place, ...(await makeSecret('renamed')) }
    const { object } = await boss.api.objects.get(ref)
    const edited = { ...object, data: { secret: '', user: '' } }
    await expect(boss.api.objects.replace({ ...ref, object: edited })).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { 'data.secret': expect.any(String) as string },
    })
    expect((await stored('renamed')).data['password']).toBe(encoded)
  })

  test('needs the capability', async () => {
    const ref = { ...blind.place, ...(await makeSecret('unwritten')) }
    const { object } = await blind.api.objects.get(ref)
    const attempt = blind.api.objects.replace({ ...ref, object })
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('is refused to an apply, which shows no values either', async () => {
    await makeSecret('applied')
    const document = (data: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: applied}\n${data}\n`
    const apply = (data: string) =>
      boss.api.objects.apply({
        ...boss.place,
        namespace: desk.namespace,
        documents: document(data),
      })
    for (const data of ["data: {password: ''}", 'data: {password: }'])
      await expect(apply(data)).rejects.toMatchObject({
        code: 'invalid_input',
        documents: [{ status: 'failed' }],
      })
    const { documents } = await apply('data: {more: bmV3}')
    expect(documents).toMatchObject([
      { status: 'changed', after: { data: { password: '', user: '', more: '' } } },
    ])
    hidden(documents)
    expect((await stored('applied')).data).toMatchObject({ password: encoded, more: 'bmV3' })
  })
})

test('no value is in any record or line of this run', async () => {
  const { events } = await desk.admin.events.list({ limit: 1000 })
  expect(events.length).toBeGreaterThan(20)
  hidden(events)
  hidden(desk.world.gateway.logged)
})
