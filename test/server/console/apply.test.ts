import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppError } from '#gateway/errors.ts'
import type { DocumentResult } from '#gateway/objects.ts'
import { openDesk, type Clerk, type Desk } from './desk.ts'

let desk: Desk
let viewer: Clerk
let developer: Clerk
let boss: Clerk
beforeAll(async () => {
  desk = await openDesk()
  viewer = await desk.clerk('viewer')
  developer = await desk.clerk('developer', { namespaces: [desk.namespace] })
  boss = await desk.clerk('admin')
})
afterAll(() => desk.stop())

const map = (name: string, color = 'red') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`

const maps = { group: '', version: 'v1', resource: 'configmaps' } as const

const apply = (clerk: Clerk, documents: string, more: { dry?: boolean; namespace?: string } = {}) =>
  clerk.api.objects.apply({ ...clerk.place, namespace: desk.namespace, documents, ...more })

async function failure(attempt: Promise<unknown>) {
  const error = (await attempt.then(
    () => undefined,
    (it: unknown) => it,
  )) as AppError | undefined
  return {
    code: error?.code,
    results: (error?.documents ?? []) as unknown as DocumentResult[],
    error,
  }
}

// S1-T17
describe('several documents', () => {
  // S1-F30
  test('are made, changed or left as they are, each with its result', async () => {
    const first = await apply(developer, `${map('a')}---\n${map('b')}`)
    expect(first.documents.map((it) => [it.index, it.name, it.status])).toEqual([
      [0, 'a', 'created'],
      [1, 'b', 'created'],
    ])
    const second = await apply(developer, `${map('a')}---\n${map('b', 'blue')}`)
    expect(second.documents.map((it) => it.status)).toEqual(['unchanged', 'changed'])
    const [, changed] = second.documents
    expect(changed?.before).toMatchObject({ data: { color: 'red' } })
    expect(changed?.after).toMatchObject({ data: { color: 'blue' } })
    expect(JSON.stringify(second)).not.toContain('managedFields')
  })

  test('are each on record before and after, under an id of their own', async () => {
    const clerk = await desk.clerk('developer', { namespaces: [desk.namespace] })
    await apply(clerk, `${map('c')}---\n${map('d')}`)
    const records = await desk.records(clerk, 'objects.apply', 4)
    expect(records.map((it) => [it.phase, it.verb, it.name, it.status, it.namespace])).toEqual([
      ['intent', 'patch', 'c', undefined, desk.namespace],
      ['outcome', 'patch', 'c', 201, desk.namespace],
      ['intent', 'patch', 'd', undefined, desk.namespace],
      ['outcome', 'patch', 'd', 201, desk.namespace],
    ])
    expect(records[2]?.id).toBe(`${records[0]?.id ?? ''}.2`)
  })

  // S1-F30
  test('one that fails stops none of the others and fails the whole', async () => {
    const wrong = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: e}\ndatum: {x: y}\n`
    const unknown = 'apiVersion: no.such/v1\nkind: Nothing\nmetadata: {name: x}\n'
    const { code, results } = await failure(
      apply(developer, [wrong, unknown, map('f')].join('---\n')),
    )
    expect(code).toBe('invalid_input')
    expect(results.map((it) => [it.name, it.status, it.error?.code])).toEqual([
      ['e', 'failed', 'invalid_input'],
      ['x', 'failed', 'invalid_input'],
      ['f', 'created', undefined],
    ])
    expect(results[0]?.error?.message).toContain('datum')
    expect(results[1]?.error?.message).toContain('serves no Nothing of no.such/v1')
  })

  // S1-F30
  test('bad YAML is bad input and nothing of it is written', async () => {
    const { code, results } = await failure(apply(developer, `${map('g')}---\na: [1\n`))
    expect([code, results]).toEqual(['invalid_input', []])
    const ref = { ...developer.place, ...maps, namespace: desk.namespace, name: 'g' }
    await expect(developer.api.objects.get(ref)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a dry run says what would be and writes nothing', async () => {
    const { documents } = await apply(developer, `${map('dry')}---\n${map('a')}`, { dry: true })
    expect(documents.map((it) => it.status)).toEqual(['created', 'unchanged'])
    const ref = { ...developer.place, ...maps, namespace: desk.namespace, name: 'dry' }
    await expect(developer.api.objects.get(ref)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a List is unfolded, and what is in no namespace needs none', async () => {
    const items = [map('l1'), map('l2')].map((it) => it.replaceAll('\n', '\n  ').trim())
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${items.join('\n- ')}\n`
    const role = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: ${desk.namespace}}\n`
    const { documents } = await apply(boss, `${list}---\n${role}`)
    expect(documents.map((it) => [it.index, it.name, it.status])).toEqual([
      [0, 'l1', 'created'],
      [0, 'l2', 'created'],
      [1, desk.namespace, 'created'],
    ])
    await boss.api.objects.remove({
      ...boss.place,
      group: 'rbac.authorization.k8s.io',
      version: 'v1',
      resource: 'clusterroles',
      name: desk.namespace,
      confirm: desk.namespace,
    })
  })
})

describe('a field of somebody else', () => {
  test('is a conflict that names its owner, and is not taken', async () => {
    await desk.make(`/api/v1/namespaces/${desk.namespace}/configmaps?fieldManager=another`, {
      metadata: { name: 'owned' },
      data: { color: 'green' },
    })
    const { code, results } = await failure(apply(developer, map('owned', 'blue')))
    expect(code).toBe('conflict')
    expect(results).toMatchObject([
      {
        status: 'conflict',
        error: { code: 'conflict' },
        conflicts: [{ manager: 'another', field: '.data.color' }],
      },
    ])
    const ref = { ...developer.place, ...maps, namespace: desk.namespace, name: 'owned' }
    const { object } = await developer.api.objects.get(ref)
    expect(object['data']).toEqual({ color: 'green' })
  })
})

describe('what is refused', () => {
  const of = (namespace: string) => map('x').replace('name: x', `name: x, namespace: ${namespace}`)

  test('a viewer applies nothing', async () => {
    const { code, results } = await failure(apply(viewer, map('v')))
    expect([code, results[0]?.status]).toEqual(['forbidden', 'failed'])
    expect((await desk.records(viewer, 'objects.apply'))[0]).toMatchObject({
      phase: 'event',
      result: 'refused',
      verb: 'patch',
      resource: 'configmaps',
      name: 'v',
    })
  })

  test('another namespace than the scope names, though the next document is applied', async () => {
    const documents = `${of(desk.other)}---\n${map('own')}`
    const { code, results } = await failure(apply(developer, documents))
    expect(code).toBe('forbidden')
    expect(results.map((it) => it.status)).toEqual(['failed', 'created'])
    const records = await desk.records(developer, 'objects.apply')
    expect(records.filter((it) => it.namespace === desk.other)).toMatchObject([
      { phase: 'event', result: 'refused', reason: expect.stringContaining('outside') as string },
    ])
  })

  test('the gateway’s own namespace and accounts, for an administrator too', async () => {
    const role = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'gatehouse:viewer'}\n`
    const own = `apiVersion: v1\nkind: Namespace\nmetadata: {name: gatehouse-system}\n`
    const documents = [of('gatehouse-system'), role, own].join('---\n')
    const { code, results } = await failure(apply(boss, documents, { dry: true }))
    expect(code).toBe('forbidden')
    expect(results.map((it) => it.status)).toEqual(['failed', 'failed', 'failed'])
  })

  const hostile: [string, string][] = [
    ['a name that leaves its place', map("'../../secrets/x'")],
    ['a name that is escaped', map("'a%2fb'")],
    [
      'a namespace that leaves its place',
      map('x').replace('name: x', "name: x, namespace: '../..'"),
    ],
    ['a namespace that is no word', map('x').replace('name: x', 'name: x, namespace: [a]')],
    ['a version that leaves its place', map('x').replace('v1', '../v1')],
    [
      'a kind that is only asked about',
      'apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nmetadata: {name: x}\n',
    ],
    [
      'a namespace for what is in none',
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: x, namespace: y}\n',
    ],
  ]
  test.each(hostile)('%s', async (_what, documents) => {
    expect(await failure(apply(boss, documents))).toMatchObject({
      code: 'invalid_input',
      results: [{ status: 'failed' }],
    })
  })

  test('a namespace is named nowhere', async () => {
    const attempt = boss.api.objects.apply({ ...boss.place, documents: map('x') })
    expect((await failure(attempt)).results[0]?.error?.message).toContain('namespace')
  })

  test('three megabytes', async () => {
    const { code } = await failure(apply(boss, map('x', 'x'.repeat(3_000_000))))
    expect(code).toBe('too_large')
    const most = await failure(apply(boss, map('x', 'x'.repeat(1_600_000))))
    expect(most.code).toBe('invalid_input')
  })
})
