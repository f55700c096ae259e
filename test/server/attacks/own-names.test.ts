import { afterAll, beforeAll, expect, test } from 'vitest'
import { respondWith } from '../../support/recorder.ts'
import { presets } from '../../../server/policies/presets.ts'
import { decide } from '../../../server/policies/scope.ts'
import { requestInfo } from '../../../server/proxy/request-info.ts'
import { encodeMessage, type Message } from '../../../server/proxy/protobuf.ts'
import { AppError } from '#gateway/errors.ts'
import {
  expectRefused,
  openHostileWorld,
  type HostileWorld,
  type Person,
} from '../hostile/world.ts'

let world: HostileWorld
let boss: Person

beforeAll(async () => {
  world = await openHostileWorld()
  boss = await world.person()
  world.respond(respondWith(201, '{}'))
})
afterAll(() => world.stop())

const rbac = '/k8s/c1/apis/rbac.authorization.k8s.io/v1'
const roles = `${rbac}/clusterroles`
const bindings = `${rbac}/clusterrolebindings`
const namespaces = '/k8s/c1/api/v1/namespaces'
const json = 'application/json'
const protobuf = 'application/vnd.kubernetes.protobuf'

const post = async (path: string, type: string | undefined, body: string | Uint8Array) => {
  const bytes = Buffer.from(body)
  const lines = type === undefined ? [] : [`Content-Type: ${type}`]
  const head = boss.head(`POST ${path}`, `Content-Length: ${String(bytes.length)}`, ...lines)
  world.seen()
  return world.ask(Buffer.concat([Buffer.from(head), bytes]))
}

const refused = async (path: string, type: string | undefined, body: string | Uint8Array) => {
  const answer = await post(path, type, body)
  await expectRefused(world, answer, answer.status)
  expect(world.seen()).toEqual([])
  return answer.status
}

const envelope: Message = [
  {
    number: 1,
    name: 'typeMeta',
    type: [
      { number: 1, name: 'apiVersion', type: 'string' },
      { number: 2, name: 'kind', type: 'string' },
    ],
  },
  { number: 2, name: 'raw', type: 'bytes' },
]
const named: Message = [
  {
    number: 1,
    name: 'metadata',
    type: [
      { number: 1, name: 'name', type: 'string' },
      { number: 2, name: 'generateName', type: 'string' },
    ],
  },
]
const enclose = (raw: Uint8Array) => {
  const typeMeta = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' }
  return Buffer.concat([Buffer.from('k8s\0'), encodeMessage({ typeMeta, raw }, envelope)])
}
const metadata = (it: object) => encodeMessage({ metadata: it }, named)

test('nobody creates an object under a name of the gateway’s own, whichever way the body says it', async () => {
  const own = '{"metadata":{"name":"gatehouse:viewer"}}'
  expect(await refused(roles, json, own)).toBe(403)
  expect(await refused(bindings, json, own)).toBe(403)
  expect(await refused(roles, undefined, own)).toBe(403)
  expect(await refused(`${roles}/?dryRun=All`, `${json}; charset=utf-8`, own)).toBe(403)
  expect(await refused(roles, json, '{"metadata":{"generateName":"gatehouse:"}}')).toBe(403)
  expect(await refused(roles, json, '{"Metadata":{"NAME":"gatehouse:x"}}')).toBe(403)
  expect(await refused(roles, json, '{"m\\u0065tadata":{"name":"g\\u0061tehouse:x"}}')).toBe(403)
  expect(await refused(namespaces, json, '{"metadata":{"name":"gatehouse-system"}}')).toBe(403)
  expect(await refused(namespaces, json, '{"metadata":{"generateName":"gatehouse-s"}}')).toBe(403)
})

test('protobuf is read as the cluster reads it', async () => {
  expect(await refused(roles, protobuf, enclose(metadata({ name: 'gatehouse:viewer' })))).toBe(403)
  expect(await refused(bindings, protobuf, enclose(metadata({ generateName: 'gatehouse:' })))).toBe(
    403,
  )
  // A second piece of the same message joins the first.
  const twice = Buffer.concat([
    metadata({ name: 'gatehouse:viewer' }),
    metadata({ generateName: 'x' }),
  ])
  expect(await refused(roles, protobuf, enclose(twice))).toBe(403)
  const good = enclose(metadata({ name: 'readers' }))
  expect((await post(roles, protobuf, good)).status).toBe(201)
  expect(world.seen().map((it) => it.body)).toEqual([good.toString('latin1')])
})

test('JSON travels as it was read, so that two readers cannot differ about it', async () => {
  const twice = '{"metadata":{"name":"gatehouse:x"},"metadata":{"labels":{"a":"b"}},"rules":[]}'
  expect((await post(roles, json, twice)).status).toBe(201)
  const [seen] = world.seen()
  expect(seen?.body).toBe('{"metadata":{"labels":{"a":"b"}},"rules":[]}')
  const undone = '{"metadata":{"name":"gatehouse:x","name":null}}'
  expect((await post(roles, json, undone)).status).toBe(201)
  expect(world.seen()[0]?.body).toBe('{"metadata":{"name":null}}')
})

test('what cannot be read here does not travel for these kinds, and for others it does', async () => {
  const yaml = 'metadata: {name: "gatehouse:x"}'
  expect(await refused(roles, 'application/yaml', yaml)).toBe(400)
  expect(await refused(roles, 'application/cbor', yaml)).toBe(400)
  expect(await refused(roles, json, yaml)).toBe(400)
  expect(await refused(roles, protobuf, '{"metadata":{"name":"gatehouse:x"}}')).toBe(400)
  expect(await refused(namespaces, json, '['.repeat(1_000_000))).toBe(400)
  expect((await post('/k8s/c1/api/v1/namespaces/a/pods', 'application/yaml', yaml)).status).toBe(
    201,
  )
})

test('everything else of these kinds is created, and is on record by its name', async () => {
  const answer = await post(roles, json, '{"metadata":{"name":"readers"},"rules":[]}')
  expect(answer.status).toBe(201)
  const records = await world.records(answer.header('audit-id'))
  expect(records.map((it) => it.name)).toEqual(['readers', 'readers'])
  expect((await post(namespaces, json, '{"metadata":{"name":"shop"}}')).status).toBe(201)
})

test('the console makes no such namespace either', async () => {
  const client = world.gateway.as(boss.token)
  const made = client.objects.createNamespace({
    cluster: 'c1',
    profile: 'main',
    name: 'gatehouse-system',
  })
  await expect(made).rejects.toThrow(AppError)
  await expect(made).rejects.toMatchObject({ code: 'forbidden' })
})

test('a name that the cluster makes up may not become that of a keeper’s namespace', () => {
  const rights = {
    scopes: [{ grantId: 'g', scope: presets.admin, expires: undefined }],
    keeperNamespace: 'ops-bcdfg',
  }
  const info = requestInfo('POST', '/api/v1/namespaces', '')
  const judged = (generated: string) =>
    decide(info, rights, Date.now(), { names: [], generated: [generated] }).status
  expect(judged('ops-')).toBe('refused')
  expect(judged('ops')).toBe('allowed')
})
