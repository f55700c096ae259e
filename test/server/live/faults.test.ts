import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCluster, type Cluster } from '../../support/cluster/index.ts'
import { seed } from '../../support/seed.ts'
import { openBadRoad, type BadRoad } from './bad-road.ts'
import { Crowd, randomFrom, type Random } from './crowd.ts'
import { isLive, type TestView, type TestWindow } from './window.ts'
import { openLiveWorld, type LiveWorld, type TestProfile } from './world.ts'

/** A fact of the product: what is shown as live is no older than this. */
const longest = 10_000

const random: Random = randomFrom(seed)

let cluster: Cluster
let road: BadRoad
let world: LiveWorld
let crowd: Crowd
let temporary: TestProfile
let revoked = ''
let sleeper: TestWindow
let views: readonly Watched[]
const namespaces: string[] = []

/** A view, and what the cluster itself says should be in it. */
interface Watched {
  readonly name: string
  readonly view: TestView
  readonly truth: () => Promise<readonly string[]>
}

beforeAll(async () => {
  cluster = await startCluster({ node: false, kwokNodes: 1 })
  road = await openBadRoad(cluster.handle)
  world = await openLiveWorld({ allow: [road.host] })
  await world.register({ id: 'far', address: road.address, caPem: road.caPem })
  for (const it of ['a', 'b', 'c']) namespaces.push((await cluster.namespace(it)).name)
  const node = await cluster.kubectlOutput([
    'get',
    'nodes',
    '-o',
    'jsonpath={.items[0].metadata.name}',
  ])
  crowd = new Crowd({ api: cluster.api, random, namespaces, node })
  await crowd.make(2000)
  views = await openViews()
})
afterAll(async () => {
  await crowd?.quiesce()
  await world?.end()
  await road?.stop()
  await cluster?.stop()
})

async function openViews(): Promise<readonly Watched[]> {
  const everything = await world.profile('far', 'everything', cluster.handle.adminToken)
  revoked = await token('first')
  temporary = await world.profile('far', 'temporary', revoked)
  const [first = '', second = ''] = namespaces
  const sources = [{ cluster: 'far', profile: 'everything' }]
  const [anna, ben, cleo] = await Promise.all([world.person(), world.person(), world.person()])
  await anna.grant(everything)
  await ben.grant(everything, { namespaces: [second] })
  await cleo.grant(temporary)
  const window = anna.window()
  sleeper = anna.window()
  const configmaps = '/api/v1/configmaps'
  const red = (namespace: string) =>
    `/api/v1/namespaces/${namespace}/configmaps?labelSelector=color%3Dred`
  const back = [{ column: 'name', descending: true }]
  return [
    {
      name: 'everything, from its end',
      view: window.open({ sources, resource: 'configmaps', sort: back, text: 'it-' }),
      truth: async () => (await list(configmaps, 'it-')).slice(-500),
    },
    {
      name: 'pods',
      view: window.open({ sources, resource: 'pods' }),
      truth: () => list('/api/v1/pods'),
    },
    {
      name: 'of one namespace, by label',
      view: window.open({
        sources,
        resource: 'configmaps',
        namespaces: [first],
        labels: 'color=red',
      }),
      truth: () => list(red(first)),
    },
    {
      name: 'of who may see one namespace, by label',
      view: ben.window().open({ sources, resource: 'configmaps', labels: 'color=red' }),
      truth: () => list(red(second)),
    },
    {
      name: 'of a sleeping window',
      view: sleeper.open({ sources, resource: 'configmaps', text: 'it-' }),
      truth: async () => (await list(configmaps, 'it-')).slice(0, 500),
    },
    {
      name: 'of an account that goes',
      view: cleo
        .window()
        .open({ sources: [{ cluster: 'far', profile: 'temporary' }], resource: 'pods' }),
      truth: () => list('/api/v1/pods'),
    },
  ]
}

const token = (name: string) =>
  cluster.serviceAccountToken(namespaces[0] ?? '', name, { clusterRole: 'view' })

interface Listed {
  readonly items: readonly {
    readonly metadata: {
      readonly name: string
      readonly uid: string
      readonly resourceVersion: string
    }
  }[]
}

const numberOf = (name: string) => Number(name.split('-')[1])
const mark = (uid: string, version: string) => `${uid} ${version}`

/** Asked of the cluster itself, past everything that is under test. */
async function list(path: string, prefix = ''): Promise<string[]> {
  const { items } = await cluster.api.want<Listed>(path)
  return items
    .map((it) => it.metadata)
    .filter((it) => it.name.startsWith(prefix))
    .sort((a, b) => numberOf(a.name) - numberOf(b.name))
    .map((it) => mark(it.uid, it.resourceVersion))
}

const shown = (view: TestView) => new Set(view.rows.map((it) => mark(it.uid, it.version)))
const isTrue = (view: TestView, truth: readonly string[]) => {
  const rows = shown(view)
  return rows.size === truth.length && truth.every((it) => rows.has(it))
}

/** Stops the changes and waits until every view is live and right; none may say it is live when it is not. */
async function settle(which = views): Promise<void> {
  await crowd.quiesce()
  await podsRest()
  const since = performance.now()
  const lies: string[] = []
  await Promise.all(
    which.map(async ({ name, view, truth }) => {
      const right = await truth()
      const before = view.updates.length
      const settled = (it: TestView) => {
        if (!isLive(it)) return false
        const isRight = isTrue(it, right)
        if (!isRight && performance.now() - since > longest) lies.push(`${name} claims to be live`)
        return isRight
      }
      await view.until(`${name}, after ${before} updates, is live and right`, settled, 25_000)
    }),
  )
  expect(lies).toEqual([])
}

/** The nodes go on for a while with what they were given. */
async function podsRest(): Promise<void> {
  const unrest = async () => {
    const { items } = await cluster.api.want<Pods>('/api/v1/pods')
    return items.filter((it) => it.metadata.deletionTimestamp || it.status.phase !== 'Running')
      .length
  }
  await expect.poll(unrest, { timeout: 60_000, interval: 100 }).toBe(0)
}

interface Pods {
  readonly items: readonly {
    readonly metadata: { readonly deletionTimestamp?: string }
    readonly status: { readonly phase: string }
  }[]
}

const saysSo = ({ name, view }: Watched) =>
  view.until(
    `${name} says that it is not live`,
    (it) => it.freshness.every((its) => its.status !== 'live'),
    longest,
  )

const reached = async (operations: number) => {
  const from = crowd.operations
  await expect
    .poll(() => crowd.operations - from, { timeout: 30_000, interval: 20 })
    .toBeGreaterThan(operations)
}

const awake = () => views.filter((it) => it.name !== 'of a sleeping window')
const faults: Readonly<Record<string, () => Promise<void>>> = {
  async 'nothing at all'() {
    await reached(300)
  },
  async 'every connection is cut'() {
    for (let n = 0; n < 3; n += 1) {
      await reached(60)
      road.cut()
    }
  },
  async 'versions expire'() {
    road.expire(1 + random(6))
    road.cut()
    await reached(150)
  },
  async 'one watch goes mute'() {
    await reached(50)
    road.holdOne(random)
    await reached(100)
  },
  async 'everything goes mute'() {
    await crowd.quiesce()
    road.hold()
    await Promise.all(awake().map(saysSo))
    crowd.run()
    await reached(100)
    road.reopen()
  },
  async 'the API server is killed and started again'() {
    await cluster.controlPlane.killApiServer()
    await Promise.all(awake().map(saysSo))
    await cluster.controlPlane.restartApiServer()
    await reached(100)
  },
  async 'a window sleeps through a cut'() {
    sleeper.acknowledge(false)
    await reached(100)
    road.cut()
    await reached(100)
    await settle(awake())
    crowd.run()
    sleeper.acknowledge(true)
  },
  async 'an account goes, and its credential is replaced'() {
    const mine = views.filter((it) => it.name === 'of an account that goes')
    const path = `/api/v1/namespaces/${namespaces[0] ?? ''}/serviceaccounts/first`
    await cluster.api.want(path, { method: 'DELETE' })
    // The API server believes in a token for ten more seconds.
    const isRefused = async () => {
      const { status } = await cluster.api.call('/api/v1/pods?limit=1', { token: revoked })
      return status
    }
    await expect.poll(isRefused, { timeout: 30_000, interval: 100 }).toBe(401)
    road.cut()
    await Promise.all(mine.map(saysSo))
    await world.replaceToken(temporary, await token('second'))
  },
}

function shuffled<T>(all: readonly T[]): T[] {
  const left = [...all]
  const order: T[] = []
  while (left.length > 0) order.push(...left.splice(random(left.length), 1))
  return order
}

test(
  'whatever happens, every view ends equal to the cluster and none claims to be live when it is not',
  { timeout: 150_000 },
  async () => {
    const order = shuffled(Object.keys(faults))
    try {
      await settle()
      for (const name of order) {
        crowd.run()
        await faults[name]?.()
        await settle()
      }
      expect(views.every(({ view }) => view.failed === undefined)).toBe(true)
      expect(crowd.operations).toBeGreaterThan(1000)
    } catch (error) {
      throw new Error(`GATEHOUSE_TEST_SEED=${seed}, in the order: ${order.join('; ')}`, {
        cause: error,
      })
    }
  },
)
