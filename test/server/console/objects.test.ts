import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

const maps = { group: '', version: 'v1', resource: 'configmaps' } as const

async function makeMap(name: string, namespace = desk.namespace) {
  await desk.make(`/api/v1/namespaces/${namespace}/configmaps`, {
    metadata: { name },
    data: { color: 'red' },
  })
  return { ...maps, namespace, name }
}

const metadataOf = (object: Record<string, unknown>) =>
  object['metadata'] as Record<string, unknown>

describe('an object', () => {
  test('is read whole, and the reading is on record', async () => {
    const ref = await makeMap('read')
    const { object } = await viewer.api.objects.get({ ...viewer.place, ...ref })
    expect(object).toMatchObject({ kind: 'ConfigMap', data: { color: 'red' } })
    const [record] = await desk.records(viewer, 'objects.get')
    expect(record).toMatchObject({
      phase: 'event',
      result: 'allowed',
      cluster: 'test',
      profile: 'viewer',
      verb: 'get',
      group: '',
      resource: 'configmaps',
      namespace: desk.namespace,
      name: 'read',
      grants: viewer.grantIds,
    })
  })

  test('that does not exist is not found, in the words of the cluster', async () => {
    const attempt = viewer.api.objects.get({
      ...viewer.place,
      ...maps,
      namespace: desk.namespace,
      name: 'missing',
    })
    await expect(attempt).rejects.toMatchObject({
      code: 'not_found',
      message: 'configmaps "missing" not found',
    })
  })

  test('outside the scope is refused with its reason, before the cluster is asked', async () => {
    const ref = await makeMap('far', desk.other)
    const attempt = developer.api.objects.get({ ...developer.place, ...ref })
    await expect(attempt).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining(`allowed namespaces: ${desk.namespace}`) as string,
    })
    expect(await desk.records(developer, 'objects.get')).toMatchObject([
      {
        phase: 'event',
        result: 'refused',
        status: 403,
        verb: 'get',
        name: 'far',
        namespace: desk.other,
        reason: expect.stringContaining('outside the scope') as string,
      },
    ])
  })

  const wide = ['../x', '..', 'a/b', 'a%2fb', 'a%2Fb', '', 'a b', 'a?b']
  test.each(wide)('named %j is bad input', async (name) => {
    const attempt = viewer.api.objects.get({
      ...viewer.place,
      ...maps,
      namespace: desk.namespace,
      name,
    })
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('of the gateway itself is closed to everyone', async () => {
    const keeper = {
      group: '',
      version: 'v1',
      resource: 'serviceaccounts',
      name: 'gatehouse-keeper',
    }
    const ref = { ...boss.place, ...keeper, namespace: 'gatehouse-system' }
    await expect(boss.api.objects.get(ref)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('replacing', () => {
  test('writes the version that was read, after a dry run that writes nothing', async () => {
    const ref = { ...developer.place, ...(await makeMap('edit')) }
    const { object } = await developer.api.objects.get(ref)
    const edited = { ...object, data: { color: 'blue' } }
    const dry = await developer.api.objects.replace({ ...ref, object: edited, dry: true })
    expect(dry).toMatchObject({
      before: { data: { color: 'red' } },
      after: { data: { color: 'blue' } },
    })
    expect((await developer.api.objects.get(ref)).object['data']).toEqual({ color: 'red' })
    const done = await developer.api.objects.replace({ ...ref, object: edited })
    expect(metadataOf(done.after)).not.toHaveProperty('managedFields')
    expect((await developer.api.objects.get(ref)).object['data']).toEqual({ color: 'blue' })
    const records = await desk.records(developer, 'objects.replace', 4)
    expect(records.map((it) => [it.phase, it.result, it.verb, it.name, it.detail])).toEqual([
      ['intent', 'allowed', 'update', 'edit', { dryRun: 'true' }],
      ['outcome', 'allowed', 'update', 'edit', { dryRun: 'true' }],
      ['intent', 'allowed', 'update', 'edit', undefined],
      ['outcome', 'allowed', 'update', 'edit', undefined],
    ])
  })

  test('what somebody else changed meanwhile is a conflict and keeps their change', async () => {
    const ref = { ...boss.place, ...(await makeMap('race')) }
    const { object } = await boss.api.objects.get(ref)
    const path = `/api/v1/namespaces/${desk.namespace}/configmaps/race`
    await desk.patch(path, { data: { color: 'green' } })
    const attempt = boss.api.objects.replace({
      ...ref,
      object: { ...object, data: { color: 'blue' } },
    })
    await expect(attempt).rejects.toMatchObject({ code: 'conflict' })
    expect((await boss.api.objects.get(ref)).object['data']).toEqual({ color: 'green' })
  })

  test('what was deleted and made anew is another object', async () => {
    const ref = { ...boss.place, ...(await makeMap('again')) }
    const { object } = await boss.api.objects.get(ref)
    const path = `/api/v1/namespaces/${desk.namespace}/configmaps/again`
    await desk.world.cluster.api.want(path, { method: 'DELETE' })
    await makeMap('again')
    await expect(boss.api.objects.replace({ ...ref, object })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('made anew') as string,
    })
  })

  test('an object that is not the one that is named is bad input', async () => {
    const ref = { ...boss.place, ...(await makeMap('named')) }
    const { object } = await boss.api.objects.get(ref)
    const metadata = metadataOf(object)
    const wrong = [
      { ...object, metadata: { ...metadata, name: 'other' } },
      { ...object, metadata: { ...metadata, namespace: desk.other } },
      { ...object, apiVersion: 'v2' },
      { ...object, metadata: { ...metadata, resourceVersion: '' } },
      { ...object, metadata: { ...metadata, uid: undefined } },
      { ...object, nonsense: true },
    ]
    for (const it of wrong)
      await expect(boss.api.objects.replace({ ...ref, object: it })).rejects.toMatchObject({
        code: 'invalid_input',
      })
  })

  test('a viewer may not, and nothing travels', async () => {
    const ref = { ...viewer.place, ...(await makeMap('looked')) }
    const { object } = await viewer.api.objects.get(ref)
    await expect(viewer.api.objects.replace({ ...ref, object })).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(await desk.records(viewer, 'objects.replace')).toMatchObject([
      { phase: 'event', result: 'refused', verb: 'update', name: 'looked' },
    ])
  })
})

describe('removing', () => {
  test('deletes one object, by its uid when that is given', async () => {
    const ref = { ...developer.place, ...(await makeMap('gone')) }
    const other = developer.api.objects.remove({
      ...ref,
      uid: '00000000-0000-4000-8000-000000000000',
    })
    await expect(other).rejects.toMatchObject({ code: 'conflict' })
    const dry = await developer.api.objects.remove({ ...ref, dry: true })
    expect(dry.message).toContain('would be')
    const { object } = await developer.api.objects.get(ref)
    const uid = String(metadataOf(object)['uid'])
    const done = await developer.api.objects.remove({ ...ref, uid })
    expect(done).toMatchObject({ status: 'deleted' })
    await expect(developer.api.objects.get(ref)).rejects.toMatchObject({ code: 'not_found' })
    const records = await desk.records(developer, 'objects.remove', 6)
    expect(records.map((it) => [it.phase, it.result, it.status])).toEqual([
      ['intent', 'allowed', undefined],
      ['outcome', 'failed', 409],
      ['intent', 'allowed', undefined],
      ['outcome', 'allowed', 200],
      ['intent', 'allowed', undefined],
      ['outcome', 'allowed', 200],
    ])
  })

  test('a Job goes with its pods first, unless something else is said', async () => {
    const jobs = { group: 'batch', version: 'v1', resource: 'jobs' } as const
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } }
    const path = `/apis/batch/v1/namespaces/${desk.namespace}/jobs`
    const held = { finalizers: ['gatehouse.test/held'] }
    // What belongs to it and does not go keeps a Job that is deleted in the foreground.
    const make = async (name: string) => {
      const uid = await desk.make(path, {
        metadata: { name, ...held },
        spec: { template, suspend: true },
      })
      const owner = { apiVersion: 'batch/v1', kind: 'Job', name, uid, blockOwnerDeletion: true }
      await desk.make(`/api/v1/namespaces/${desk.namespace}/configmaps`, {
        metadata: { name: `of-${name}`, ...held, ownerReferences: [owner] },
      })
    }
    try {
      await Promise.all([make('one'), make('two')])
      const ref = { ...developer.place, ...jobs, namespace: desk.namespace }
      const removed = await developer.api.objects.remove({ ...ref, name: 'one' })
      expect(removed.status).toBe('deleting')
      await developer.api.objects.remove({ ...ref, name: 'two', propagation: 'background' })
      const finalizers = async (name: string) =>
        metadataOf((await developer.api.objects.get({ ...ref, name })).object)['finalizers']
      expect(await finalizers('one')).toContain('foregroundDeletion')
      expect(await finalizers('two')).not.toContain('foregroundDeletion')
    } finally {
      for (const name of ['one', 'two']) {
        await desk.patch(`/api/v1/namespaces/${desk.namespace}/configmaps/of-${name}`, {
          metadata: { finalizers: null },
        })
        await desk.patch(`${path}/${name}`, { metadata: { finalizers: null } })
      }
    }
  })

  const kept = ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'kube-flannel']
  // S1-F66
  test.each([...kept, 'gatehouse-system'])('the namespace %s is protected', async (name) => {
    const ref = { ...boss.place, group: '', version: 'v1', resource: 'namespaces', name }
    // Dry: were the gateway wrong, the cluster of this run must not lose it.
    const attempt = boss.api.objects.remove({ ...ref, confirm: name, dry: true })
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' })
    const records = await desk.records(boss, 'objects.remove')
    expect(records.at(-1)).toMatchObject({
      phase: 'event',
      result: 'refused',
      verb: 'delete',
      name,
    })
  })

  const storage = { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' } as const
  const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const
  test.each([
    { kind: { ...rbac, resource: 'clusterroles' }, body: {} },
    { kind: storage, body: { provisioner: 'gatehouse.test/none' } },
    { kind: { group: '', version: 'v1', resource: 'namespaces' }, body: {} },
  ])('$kind.resource need their name, typed', async ({ kind, body }) => {
    const name = `console-${randomBytes(4).toString('hex')}`
    const root = kind.group === '' ? '/api' : `/apis/${kind.group}`
    const path = `${root}/${kind.version}/${kind.resource}`
    await desk.make(path, { metadata: { name }, ...body })
    const ref = { ...boss.place, ...kind, name }
    try {
      for (const confirm of [undefined, '', 'yes', name.toUpperCase()])
        await expect(boss.api.objects.remove({ ...ref, confirm })).rejects.toMatchObject({
          code: 'invalid_input',
          fields: { confirm: expect.stringContaining(name) as string },
        })
      await expect(boss.api.objects.get(ref)).resolves.not.toHaveProperty(
        'object.metadata.deletionTimestamp',
      )
    } finally {
      await boss.api.objects.remove({ ...ref, confirm: name })
    }
  })

  test('a viewer may not', async () => {
    const ref = { ...viewer.place, ...(await makeMap('stays')) }
    await expect(viewer.api.objects.remove(ref)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(viewer.api.objects.get(ref)).resolves.toBeDefined()
  })
})

describe('events', () => {
  // S5-F40
  test('of an object come newest first, and never those of another', async () => {
    const event = (name: string, about: string, at: string) =>
      desk.make(`/api/v1/namespaces/${desk.namespace}/events`, {
        metadata: { name },
        involvedObject: { kind: 'Pod', name: about, namespace: desk.namespace },
        type: 'Warning',
        reason: name,
        message: `of ${about}`,
        lastTimestamp: at,
        count: 3,
        source: { component: 'kubelet', host: 'n1' },
      })
    await event('older', 'web', '2026-11-22T08:00:00Z')
    await event('newer', 'web', '2026-11-22T09:00:00Z')
    await event('stranger', 'db', '2026-11-22T10:00:00Z')
    const asked = { ...viewer.place, namespace: desk.namespace, kind: 'Pod', name: 'web' }
    const { events, forbidden } = await viewer.api.objects.events(asked)
    expect(forbidden).toBe(false)
    expect(events.map((it) => it.reason)).toEqual(['newer', 'older'])
    expect(events[0]).toMatchObject({ count: 3, object: 'Pod/web', source: 'kubelet on n1' })
  })

  // S5-F40
  test('that one may not see are said to be forbidden, and that is on record', async () => {
    const asked = { ...developer.place, namespace: desk.other }
    expect(await developer.api.objects.events(asked)).toEqual({ events: [], forbidden: true })
    expect((await desk.records(developer, 'objects.events'))[0]).toMatchObject({
      result: 'refused',
      verb: 'list',
      resource: 'events',
      namespace: desk.other,
    })
  })
})

describe('namespaces', () => {
  // S1-F27
  test('are listed with their state', async () => {
    const { canList, items } = await viewer.api.objects.namespaces(viewer.place)
    expect(canList).toBe(true)
    expect(items.find((it) => it.name === desk.namespace)).toMatchObject({ status: 'Active' })
  })

  // S1-T12, S1-F27
  test('are those of the grants where the list is not allowed', async () => {
    const answer = await developer.api.objects.namespaces(developer.place)
    expect(answer).toMatchObject({
      canList: false,
      items: [{ name: desk.namespace, status: 'Active' }],
    })
  })

  // S1-F28, S1-F29
  test('are made once, by those who may', async () => {
    const name = `${desk.namespace}-made`
    await boss.api.objects.createNamespace({ ...boss.place, name })
    const again = boss.api.objects.createNamespace({ ...boss.place, name })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
    const developing = developer.api.objects.createNamespace({ ...developer.place, name })
    await expect(developing).rejects.toMatchObject({ code: 'forbidden' })
    const ref = { ...boss.place, group: '', version: 'v1', resource: 'namespaces', name }
    const removed = await boss.api.objects.remove({ ...ref, confirm: name })
    expect(removed.status).toBe('deleting')
  })
})
