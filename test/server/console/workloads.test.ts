import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { jobName } from '../../../server/services/workloads.ts'
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

const deployments = { group: 'apps', version: 'v1', resource: 'deployments' } as const

const specOf = (image: string) => ({
  replicas: 0,
  selector: { matchLabels: { app: 'web' } },
  template: {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image }] },
  },
})

async function makeDeployment(name: string, image = 'one') {
  const path = `/apis/apps/v1/namespaces/${desk.namespace}/deployments`
  const labels = { app: name }
  const spec = specOf(image)
  await desk.make(path, {
    metadata: { name },
    spec: {
      ...spec,
      selector: { matchLabels: labels },
      template: { ...spec.template, metadata: { labels } },
    },
  })
  return { ...deployments, namespace: desk.namespace, name }
}

const read = async (ref: Parameters<Clerk['api']['objects']['get']>[0]) =>
  (await boss.api.objects.get({ ...ref, ...boss.place })).object as {
    metadata: { annotations: Record<string, string>; labels?: Record<string, string> }
    spec: Record<string, never>
  }

// S1-T15, S1-F35
describe('scaling', () => {
  test.each([0, 3])(
    'to %i sets the replicas through the scale of the workload',
    async (replicas) => {
      const ref = { ...developer.place, ...(await makeDeployment(`scale-${replicas}`)) }
      const answer = await developer.api.workloads.scale({ ...ref, replicas })
      expect(answer).toMatchObject({ name: ref.name, replicas })
      expect((await read(ref)).spec).toMatchObject({ replicas })
      const records = await desk.records(developer, 'workloads.scale', 2)
      expect(records.at(-1)).toMatchObject({
        phase: 'outcome',
        result: 'allowed',
        verb: 'patch',
        resource: 'deployments',
        subresource: 'scale',
        name: ref.name,
        detail: { replicas: String(replicas) },
      })
    },
  )

  test.each([-1, 1.5, 10_001])('to %d is bad input', async (replicas) => {
    const ref = { ...developer.place, ...deployments, namespace: desk.namespace, name: 'any' }
    const attempt = developer.api.workloads.scale({ ...ref, replicas })
    await expect(attempt).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('a viewer may not, nor a developer elsewhere', async () => {
    const ref = await makeDeployment('fixed')
    const viewing = viewer.api.workloads.scale({ ...viewer.place, ...ref, replicas: 2 })
    await expect(viewing).rejects.toMatchObject({ code: 'forbidden' })
    const elsewhere = { ...developer.place, ...ref, namespace: desk.other }
    const reaching = developer.api.workloads.scale({ ...elsewhere, replicas: 2 })
    await expect(reaching).rejects.toMatchObject({ code: 'forbidden' })
    expect((await read({ ...boss.place, ...ref })).spec).toMatchObject({ replicas: 0 })
    expect((await desk.records(viewer, 'workloads.scale'))[0]).toMatchObject({
      phase: 'event',
      result: 'refused',
      verb: 'patch',
      subresource: 'scale',
    })
  })

  test('a kind of a CRD that can be scaled', async () => {
    const plural = `scalables${randomBytes(3).toString('hex')}`
    const group = 'console.gatehouse.test'
    const extensions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
    const number = { type: 'integer' }
    const paths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' }
    await desk.make(extensions, {
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural, kind: `Scalable${plural}` },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { scale: paths },
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: { type: 'object', properties: { replicas: number } },
                  status: { type: 'object', properties: { replicas: number } },
                },
              },
            },
          },
        ],
      },
    })
    const path = `/apis/${group}/v1/namespaces/${desk.namespace}/${plural}`
    const body = { apiVersion: `${group}/v1`, kind: `Scalable${plural}`, metadata: { name: 'it' } }
    try {
      await vi.waitUntil(async () => (await desk.world.cluster.api.call(path)).status === 200, {
        timeout: 30_000,
      })
      await desk.make(path, { ...body, spec: { replicas: 1 } })
      const kind = { group, version: 'v1', resource: plural }
      const ref = { ...boss.place, ...kind, namespace: desk.namespace, name: 'it' }
      expect((await boss.api.workloads.scale({ ...ref, replicas: 4 })).replicas).toBe(4)
      expect((await read(ref)).spec).toEqual({ replicas: 4 })
    } finally {
      await desk.world.cluster.api.want(`${extensions}/${plural}.${group}`, { method: 'DELETE' })
    }
  })
})

// S1-T16
describe('restarting', () => {
  // S1-F36
  test('sets the annotation to the time that it returns', async () => {
    const ref = { ...developer.place, ...(await makeDeployment('restarted')) }
    const { timestamp } = await developer.api.workloads.restart(ref)
    expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect((await read(ref)).spec).toMatchObject({
      template: {
        metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': timestamp } },
      },
    })
  })

  test('what is paused is a conflict; what has no rollout is bad input', async () => {
    const ref = { ...boss.place, ...(await makeDeployment('paused')) }
    await desk.patch(`/apis/apps/v1/namespaces/${desk.namespace}/deployments/paused`, {
      spec: { paused: true },
    })
    await expect(boss.api.workloads.restart(ref)).rejects.toMatchObject({ code: 'conflict' })
    const pods = { ...ref, group: '', resource: 'pods' }
    await expect(boss.api.workloads.restart(pods)).rejects.toMatchObject({ code: 'invalid_input' })
    const viewing = viewer.api.workloads.restart({ ...ref, ...viewer.place })
    await expect(viewing).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('rolling back', () => {
  async function revised(resource: string, body: { metadata: { name: string }; spec: object }) {
    const path = `/apis/apps/v1/namespaces/${desk.namespace}/${resource}`
    const { name } = body.metadata
    const ref = { group: 'apps', version: 'v1', resource, namespace: desk.namespace, name }
    const place = { ...developer.place, ...ref }
    const until = (count: number) =>
      vi.waitUntil(
        async () => {
          const { revisions } = await developer.api.workloads.revisions(place)
          return revisions.length === count && revisions
        },
        { timeout: 30_000, interval: 100 },
      )
    await desk.make(path, body)
    await until(1)
    await desk.patch(`${path}/${name}`, {
      metadata: { annotations: { 'kubernetes.io/change-cause': 'the second' } },
      spec: { template: { spec: { containers: [{ name: 'main', image: 'two' }] } } },
    })
    return { place, revisions: await until(2) }
  }

  const labelled = (name: string) => ({
    ...specOf('one'),
    selector: { matchLabels: { app: name } },
    template: { ...specOf('one').template, metadata: { labels: { app: name } } },
  })

  test('a Deployment gets the template of an earlier revision', async () => {
    const spec = labelled('rolled')
    const { place, revisions } = await revised('deployments', {
      metadata: { name: 'rolled' },
      spec,
    })
    expect(revisions.map((it) => [it.revision, it.images])).toEqual([
      [2, ['two']],
      [1, ['one']],
    ])
    const current = await vi.waitUntil(
      async () => {
        const { revisions } = await developer.api.workloads.revisions(place)
        return revisions[0]?.current === true && revisions
      },
      { timeout: 30_000 },
    )
    expect(current.map((it) => it.cause)).toEqual(['the second', undefined])
    expect(JSON.stringify(revisions)).not.toContain('pod-template-hash')
    const same = developer.api.workloads.rollback({ ...place, revision: 2 })
    await expect(same).rejects.toMatchObject({ code: 'conflict' })
    const unknown = developer.api.workloads.rollback({ ...place, revision: 9 })
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' })
    await developer.api.workloads.rollback({ ...place, revision: 1 })
    const now = await read(place)
    expect(JSON.stringify(now.spec)).toContain('"image":"one"')
    expect(now.metadata.annotations).not.toHaveProperty('kubernetes.io/change-cause')
    const viewing = viewer.api.workloads.rollback({ ...place, ...viewer.place, revision: 2 })
    await expect(viewing).rejects.toMatchObject({ code: 'forbidden' })
  })

  test.each([
    ['statefulsets', { serviceName: 'x' }],
    ['daemonsets', { replicas: undefined }],
  ])('%s by their controller revisions', async (resource, more) => {
    const name = `rolled-${resource}`
    const spec = { ...labelled(name), ...more }
    const { place, revisions } = await revised(resource, { metadata: { name }, spec })
    expect(revisions.map((it) => it.images)).toEqual([['two'], ['one']])
    const [, first] = revisions
    await developer.api.workloads.rollback({ ...place, revision: first?.revision ?? 0 })
    expect(JSON.stringify((await read(place)).spec)).toContain('"image":"one"')
    expect((await desk.records(developer, 'workloads.rollback', 2)).at(-1)).toMatchObject({
      phase: 'outcome',
      verb: 'patch',
      resource,
      name,
    })
  })
})

describe('a CronJob', () => {
  const path = () => `/apis/batch/v1/namespaces/${desk.namespace}/cronjobs`
  const make = (name: string) =>
    desk.make(path(), {
      metadata: { name },
      spec: {
        schedule: '0 0 1 1 *',
        jobTemplate: {
          metadata: { labels: { team: 'a' }, annotations: { note: 'b' } },
          spec: {
            suspend: true,
            template: {
              spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] },
            },
          },
        },
      },
    })
  const cronjobs = { group: 'batch', version: 'v1', resource: 'cronjobs' } as const

  test('is suspended and goes on', async () => {
    await make('nightly')
    const ref = { ...developer.place, namespace: desk.namespace, name: 'nightly' }
    for (const suspended of [true, false]) {
      await developer.api.workloads.suspend({ ...ref, suspended })
      expect((await read({ ...ref, ...cronjobs })).spec).toMatchObject({ suspend: suspended })
    }
    const viewing = viewer.api.workloads.suspend({ ...ref, ...viewer.place, suspended: true })
    await expect(viewing).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('is started now, as a Job of its own', async () => {
    const uid = await make('report')
    const ref = { ...developer.place, namespace: desk.namespace, name: 'report' }
    const { job } = await developer.api.workloads.trigger(ref)
    expect(job).toMatch(/^report-manual-[a-z0-9]{5}$/)
    const jobs = { ...ref, group: 'batch', version: 'v1', resource: 'jobs', name: job }
    expect(await read(jobs)).toMatchObject({
      metadata: {
        labels: { team: 'a' },
        annotations: { note: 'b', 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [{ kind: 'CronJob', name: 'report', uid, controller: true }],
      },
    })
    const viewing = viewer.api.workloads.trigger({ ...ref, ...viewer.place })
    await expect(viewing).rejects.toMatchObject({ code: 'forbidden' })
    const missing = developer.api.workloads.trigger({ ...ref, name: 'nothing' })
    await expect(missing).rejects.toMatchObject({ code: 'not_found' })
    expect((await desk.records(developer, 'workloads.trigger', 2))[1]).toMatchObject({
      phase: 'outcome',
      verb: 'create',
      resource: 'jobs',
      detail: { name: job, from: 'cronjobs/report' },
    })
  })

  test('with a long name gives its Job one that is a label', () => {
    for (const name of [
      'a'.repeat(52),
      `${'a'.repeat(49)}.b`,
      `${'a'.repeat(49)}---`,
      'a'.repeat(253),
    ]) {
      const job = jobName(name)
      expect(job.length).toBeLessThanOrEqual(63)
      expect(job).toMatch(/^[a-z0-9]+-manual-[a-z0-9]{5}$/)
    }
    expect(jobName('a')).not.toBe(jobName('a'))
  })
})
