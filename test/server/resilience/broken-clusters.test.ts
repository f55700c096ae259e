import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Gateway as Api } from '#gateway'
import { startCluster, type Cluster } from '../../support/cluster/index.ts'
import { until } from '../../support/cluster/readiness.ts'
import { openDetour, type Detour } from '../../support/detour.ts'
import { rawRequest } from '../../support/raw-request.ts'
import { adminKubeconfig, openWorld, type TestPerson, type World } from '../../support/world.ts'

/** A fact of the product: whatever is wrong with a cluster, its caller knows after this long. */
const longest = 10_000

let own: Cluster
let detour: Detour
let world: World
let admin: Api
let person: TestPerson

beforeAll(async () => {
  own = await startCluster({ node: false, kwokNodes: 0 })
  detour = await openDetour(own.handle)
  const allow = [new URL(own.handle.address).host, detour.host]
  world = await openWorld({ allow })
  admin = await world.gateway.admin()
  person = await world.person(['admin'])
  await register('own', own.handle.address, own.handle.caPem)
  await register('detour', detour.address, detour.caPem)
}, 180_000)
afterAll(async () => {
  await world.stop()
  await detour.stop()
  await own.stop()
})

/** The own cluster, with a token that was pasted and accounts whose tokens are minted. */
async function register(id: string, address: string, caPem: string): Promise<void> {
  const handle = { ...own.handle, address, caPem }
  const kubeconfig = adminKubeconfig({ ...own, handle })
  await admin.clusters.importContext({ kubeconfig, context: 'admin', id, name: id })
  const token = await own.serviceAccountToken('default', id, { clusterRole: 'view' })
  await admin.profiles.createStatic({ clusterId: id, name: 'pasted', token })
  for (const { id: profileId } of await admin.profiles.list({ clusterId: id }))
    await admin.grants.create({ personId: person.id, profileId, preset: 'admin' })
}

interface Said {
  readonly what: string
  readonly said: string
  readonly milliseconds: number
}

const list = '/api/v1/namespaces/default/configmaps'
const exec = '/api/v1/namespaces/default/pods/none/exec?command=true&stdout=1'
const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  'sec-websocket-protocol': 'v5.channel.k8s.io',
}

/** Asks in every way at once what people ask a cluster: each answer with the time it took. */
function askAll(prefix: string): Promise<readonly Said[]> {
  const raw =
    (path: string, init = {}) =>
    async () => {
      const opener = { ...world.gateway, token: person.token }
      const { status, body } = await rawRequest(opener, `/k8s/${prefix}${path}`, init)
      return `${status} ${body.toString()}`
    }
  const post = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
  return Promise.all([
    timed('list', raw(list)),
    timed('create', raw(list, post)),
    timed('watch', raw(`${list}?watch=1`)),
    timed('exec', raw(exec, { headers: upgrade })),
    timed('kubectl', async () => {
      const server = `${world.gateway.address}/k8s/${prefix}`
      const { code, stderr } = await person.kubectl(['get', 'configmaps', '--server', server])
      return `exit ${String(code)} ${stderr}`
    }),
  ])
}

async function timed(what: string, ask: () => Promise<string>): Promise<Said> {
  const began = performance.now()
  const said = await ask()
  return { what, said, milliseconds: performance.now() - began }
}

/** Works on the good cluster until told to stop; its slowest answer. */
function workMeanwhile() {
  let working = true
  const work = async () => {
    let slowest = 0
    let count = 0
    const opener = { ...world.gateway, token: person.token }
    while (working) {
      const { milliseconds, said } = await timed('good', async () => {
        const { status } = await rawRequest(opener, `/k8s/${world.id}${list}?limit=1`)
        return String(status)
      })
      expect(said).toBe('200')
      slowest = Math.max(slowest, milliseconds)
      count += 1
    }
    return { slowest, count }
  }
  const result = work()
  return () => {
    working = false
    return result
  }
}

async function expectTrouble(cluster: string, profile: string, words: RegExp): Promise<void> {
  const stop = workMeanwhile()
  const answers = await askAll(`${cluster}@${profile}`)
  const good = await stop()
  for (const { what, said, milliseconds } of answers) {
    expect(said, what).toMatch(what === 'kubectl' ? /^exit 1 / : /^50[234] \{"kind":"Status"/)
    expect(said, what).toMatch(words)
    expect(said, what).toContain(cluster)
    expect(milliseconds, what).toBeLessThan(longest)
  }
  expect(good.count).toBeGreaterThan(3)
  expect(good.slowest).toBeLessThan(longest / 4)
}

async function expectHealth(cluster: string, profile: string): Promise<void> {
  await until({ what: `${cluster} answering again`, withinMs: 15_000 }, async () => {
    const opener = { ...world.gateway, token: person.token }
    const { status } = await rawRequest(opener, `/k8s/${cluster}@${profile}${list}`)
    return status === 200 || undefined
  })
}

describe.each(['pasted', 'admin'])('with a %s profile', (profile) => {
  test('a cluster that hangs is said to hang within ten seconds, and comes back', async () => {
    await expectHealth('own', profile)
    const pid = own.parts().find(({ name }) => name === 'kube-apiserver')?.pid ?? -1
    process.kill(pid, 'SIGSTOP')
    try {
      await expectTrouble('own', profile, /cannot be reached/)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await expectHealth('own', profile)
  }, 60_000)

  test('a cluster that shows a strange certificate is told no credential', async () => {
    await expectHealth('detour', profile)
    await detour.show('a strange certificate')
    const before = detour.seen.length
    await expectTrouble('detour', profile, /cannot be reached.*authority/)
    expect(detour.seen).toHaveLength(before)
    await detour.show('the cluster')
    await expectHealth('detour', profile)
  }, 60_000)
})

test('accounts that were removed behind our back are named, and nobody is told to sign in again', async () => {
  await Promise.all([expectHealth('own', 'pasted'), expectHealth('own', 'operator')])
  await removeAccount('default', 'own')
  await removeAccount('gatehouse-system', 'gatehouse-operator')
  await Promise.all([expectRefusal('pasted'), expectRefusal('operator')])
  await expectTrouble('own', 'pasted', /refuses the credential of profile .*pasted/)
  await expectTrouble(
    'own',
    'operator',
    /no such account|refuses the credential of profile .*operator/,
  )
}, 60_000)

const removeAccount = (namespace: string, name: string) =>
  own.api.want(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`, { method: 'DELETE' })

/** The cluster believes a token for some seconds after its account is gone. */
const expectRefusal = (profile: string) =>
  until({ what: `The token of ${profile} being refused`, withinMs: 30_000 }, async () => {
    const opener = { ...world.gateway, token: person.token }
    const { status } = await rawRequest(opener, `/k8s/own@${profile}${list}`)
    return status !== 200 || undefined
  })

test('a cluster whose API server died is said to refuse connections, until it is back', async () => {
  await expectHealth('own', 'viewer')
  await own.controlPlane.killApiServer()
  await expectTrouble('own', 'viewer', /cannot be reached/)
  await own.controlPlane.restartApiServer()
  await expectHealth('own', 'viewer')
}, 60_000)
