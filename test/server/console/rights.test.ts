import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RightRule } from '#gateway/rights.ts'
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

const allows = (rules: readonly RightRule[], verb: string, group: string, resource: string) =>
  rules.some(
    (it) =>
      (it.verbs.includes(verb) || it.verbs.includes('*')) &&
      (it.groups.includes(group) || it.groups.includes('*')) &&
      (it.resources.includes(resource) || it.resources.includes('*')),
  )

describe('the rules of a namespace', () => {
  const rulesOf = (clerk: Clerk, namespace = desk.namespace) =>
    clerk.api.rights.rules({ ...clerk.place, namespace })

  test('are the cluster’s own within the scope', async () => {
    const [seen, made] = [await rulesOf(viewer), await rulesOf(developer)]
    expect(allows(seen.rules, 'list', 'apps', 'deployments')).toBe(true)
    expect(allows(seen.rules, 'patch', 'apps', 'deployments')).toBe(false)
    expect(allows(made.rules, 'patch', 'apps', 'deployments')).toBe(true)
    expect(allows(made.rules, 'get', '', 'secrets')).toBe(false)
    expect([seen.capabilities, made.capabilities]).toEqual([[], []])
  })

  test('outside the scope there are none', async () => {
    expect(await rulesOf(developer, desk.other)).toMatchObject({ rules: [], capabilities: [] })
    expect((await rulesOf(boss, 'gatehouse-system')).rules).toEqual([])
  })

  test('name the capabilities of the grants', async () => {
    const { rules, capabilities } = await rulesOf(boss)
    expect(allows(rules, 'delete', '', 'secrets')).toBe(true)
    expect(capabilities).toContain('secrets')
    const narrow = await desk.clerk('admin', { capabilities: ['exec'] })
    const cut = await rulesOf(narrow)
    expect(cut.capabilities).toEqual(['exec'])
    expect(cut.incomplete).toBe(true)
  })

  test('are the same that kubectl is told', async () => {
    const person = await desk.world.person(['developer'], { namespaces: [desk.namespace] })
    const api = desk.world.gateway.as(person.token)
    const place = { cluster: desk.world.id, profile: 'developer' }
    const { rules } = await api.rights.rules({ ...place, namespace: desk.namespace })
    for (const [verb, resource, group] of [
      ['patch', 'deployments', 'apps'],
      ['delete', 'configmaps', ''],
      ['get', 'secrets', ''],
      ['create', 'roles', 'rbac.authorization.k8s.io'],
    ] as const) {
      const kind = group === '' ? resource : `${resource}.${group}`
      const asked = ['auth', 'can-i', verb, kind, '-n', desk.namespace]
      const { stdout } = await person.kubectl(asked)
      const [word = ''] = stdout.trim().split(' ')
      expect(`${kind} ${word}`).toBe(
        `${kind} ${allows(rules, verb, group, resource) ? 'yes' : 'no'}`,
      )
    }
  })
})

describe('checks', () => {
  const pods = { group: '', resource: 'pods' } as const

  test('say for each thing whether it is allowed, and why not', async () => {
    const { answers } = await developer.api.rights.check({
      ...developer.place,
      asks: [
        { ...pods, verb: 'delete', namespace: desk.namespace },
        { ...pods, verb: 'delete', namespace: desk.other },
        { ...pods, verb: 'create', subresource: 'exec', namespace: desk.namespace },
        { verb: 'get', group: '', resource: 'secrets', namespace: desk.namespace },
        { verb: 'list', group: '', resource: 'nodes' },
      ],
    })
    expect(answers.map((it) => it.allowed)).toEqual([true, false, false, false, false])
    expect(answers[0]).not.toHaveProperty('reason')
    expect(answers[1]?.reason).toContain(`allowed namespaces: ${desk.namespace}`)
    expect(answers[2]?.reason).toContain('capability "exec"')
    expect(answers[3]?.reason).toContain('capability "secrets"')
  })

  test('know what the scope allows and the cluster does not', async () => {
    const { answers } = await viewer.api.rights.check({
      ...viewer.place,
      asks: [{ verb: 'get', group: 'no.such', resource: 'things', namespace: desk.namespace }],
    })
    expect(answers).toMatchObject([
      {
        allowed: false,
        reason: expect.stringContaining('profile "viewer" has not the right') as string,
      },
    ])
  })

  test('of everything are answered yes only to who has everything', async () => {
    const asks = [{ verb: '*', group: '', resource: '*', namespace: desk.namespace }]
    const [narrow, wide] = [
      await developer.api.rights.check({ ...developer.place, asks }),
      await boss.api.rights.check({ ...boss.place, asks }),
    ]
    expect(narrow.answers).toMatchObject([{ allowed: false }])
    expect(wide.answers).toEqual([{ allowed: true }])
  })

  test('are questions: they are on record as reads, and nothing as refused', async () => {
    const clerk = await desk.clerk('viewer')
    const asks = [{ verb: 'delete', group: '', resource: 'pods', namespace: desk.namespace }]
    await clerk.api.rights.check({ ...clerk.place, asks })
    const records = await desk.records(clerk, 'rights.check')
    expect(records.map((it) => [it.phase, it.result])).toEqual([['event', 'allowed']])
  })

  test('without a grant nothing is answered', async () => {
    const stranger = await desk.stranger()
    const asks = [{ ...pods, verb: 'get', namespace: desk.namespace }]
    const attempt = stranger.api.rights.check({ ...stranger.place, asks })
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' })
  })
})
