import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulatedNode } from '../../support/cluster/kwok.ts'
import { openDesk, type Desk } from '../../support/desk.ts'
import { bothWays } from '../../support/raw-request.ts'
import { openWorld, type TestPerson, type World } from '../../support/world.ts'

let world: World
/** Reads in one namespace; the other reads everywhere. */
let desk: Desk
let viewer: TestPerson
const label = `suite=${randomBytes(4).toString('hex')}`

beforeAll(async () => {
  world = await openWorld()
  desk = await openDesk(world, { preset: 'viewer' })
  viewer = await world.person(['viewer'])
  const [key = '', value = ''] = label.split('=')
  await world.cluster.api.want(`/api/v1/namespaces/${desk.namespace}/pods`, {
    method: 'POST',
    body: {
      metadata: { name: 'shown', labels: { [key]: value } },
      spec: { nodeSelector: simulatedNode, containers: [{ name: 'main', image: 'x' }] },
    },
  })
  await world.cluster.waitForPod(desk.namespace, 'shown')
})
afterAll(async () => {
  await desk?.leave()
  await world?.stop()
})

const everywhere = (args: readonly string[]) => viewer.kubectl(args, { env: desk.env })

describe('kubectl of a viewer', () => {
  test('gets the pods of all namespaces, wide', async () => {
    const { code, stdout, stderr } = await everywhere([
      'get',
      'pods',
      '-A',
      '-o',
      'wide',
      '-l',
      label,
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^NAMESPACE +NAME +READY .* NODE /)
    expect(stdout).toMatch(
      new RegExp(`^${desk.namespace} +shown +1/1 +Running .* simulated-\\d`, 'm'),
    )
  })

  test('is told which namespaces are allowed when it asks for all of them', async () => {
    const { code, stdout, stderr } = await desk.kubectl(['get', 'pods', '-A'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`allowed namespaces: ${desk.namespace}`)
  })

  test('describes a pod with its events', async () => {
    const described = await desk.output(['describe', 'pod', 'shown'])
    expect(described).toMatch(/^Name: +shown$/m)
    expect(described).toMatch(/Normal +Scheduled/)
  })

  test('lists events both ways', async () => {
    const listed = await desk.output(['get', 'events'])
    const events = await desk.output(['events', '--for', 'pod/shown'])
    expect(listed).toContain('pod/shown')
    expect(events).toMatch(/Scheduled +Pod\/shown/)
  })

  test('explains a field and knows the resources of the cluster', async () => {
    const explained = await desk.output(['explain', 'pods.spec.containers.image'])
    const resources = await desk.output(['api-resources', '--api-group', 'apps', '-o', 'name'])
    expect(explained).toMatch(/FIELD: image <string>/)
    expect(resources.split('\n')).toContain('deployments.apps')
  })

  test('says who the person is and not whose account is used', async () => {
    const whoami = await desk.output(['auth', 'whoami'])
    expect(whoami).toMatch(new RegExp(`Username +${desk.person.name}`))
    expect(whoami).not.toContain('gatehouse-viewer')
  })

  test('says what the person can do: the cluster’s rights within the grant', async () => {
    const asks = [
      ['get', 'pods'],
      ['create', 'pods'],
      ['get', 'secrets'],
      ['get', 'pods', '--all-namespaces'],
    ]
    const answers = await Promise.all(asks.map((it) => desk.kubectl(['auth', 'can-i', ...it])))
    expect(answers.map((it) => it.stdout.split(/\s/, 1)[0])).toEqual(['yes', 'no', 'no', 'no'])
    expect(answers.map((it) => it.code)).toEqual([0, 1, 1, 1])
  })

  test('lists what the person can do, without Secrets and writing', async () => {
    const list = await desk.output(['auth', 'can-i', '--list'])
    expect(list).toMatch(/^pods .*\[get list watch\]$/m)
    expect(list).not.toMatch(/^secrets/m)
    expect(list).not.toMatch(/\[.*(delete|patch).*\]$/m)
  })
})

describe('an answer of the cluster', () => {
  test('that nothing changed leaves the type of what the client has', async () => {
    const { through } = bothWays(world, desk.person, 'viewer')
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
    const { etag = '' } = (await through('/apis', { headers: { accept } })).headers
    const again = await through('/apis', { headers: { accept, 'if-none-match': etag } })
    expect([again.status, again.body.length]).toEqual([304, 0])
    expect(again.headers['content-type']).toBeUndefined()
  })

  const count = 300
  const objects = () => `/api/v1/namespaces/${desk.namespace}/configmaps`
  let last = ''

  beforeAll(async () => {
    const filling = 'gatehouse '.repeat(800)
    const versions: number[] = []
    const numbers = Array.from({ length: count }, (_, at) => at)
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let at = numbers.pop(); at !== undefined; at = numbers.pop()) {
          const made = await world.cluster.api.want<{ metadata: { resourceVersion: string } }>(
            objects(),
            { method: 'POST', body: { metadata: { name: `part-${at}` }, data: { filling } } },
          )
          versions.push(Number(made.metadata.resourceVersion))
        }
      }),
    )
    last = String(Math.max(...versions))
  })

  /** A list of one moment, the same whenever it is asked for. */
  const listAtMoment = () => `${objects()}?resourceVersion=${last}&resourceVersionMatch=Exact`

  test('is passed on byte for byte as it was compressed', async () => {
    const { direct, through } = bothWays(world, desk.person, 'viewer')
    const headers = { 'accept-encoding': 'gzip', accept: 'application/json' }
    const expected = await direct(listAtMoment(), { headers })
    const answer = await through(listAtMoment(), { headers })
    expect(answer.headers['content-encoding']).toBe('gzip')
    expect(expected.headers['content-encoding']).toBe('gzip')
    expect(answer.body.equals(expected.body)).toBe(true)
  })

  test('is passed on in protobuf too', async () => {
    const { direct, through } = bothWays(world, desk.person, 'viewer')
    const headers = { accept: 'application/vnd.kubernetes.protobuf' }
    const expected = await direct(listAtMoment(), { headers })
    const answer = await through(listAtMoment(), { headers })
    expect(answer.headers['content-type']).toBe('application/vnd.kubernetes.protobuf')
    expect(answer.body.subarray(0, 4).toString('latin1')).toBe('k8s\0')
    expect(answer.body.equals(expected.body)).toBe(true)
  })

  test('of some megabytes arrives in chunks, whole', async () => {
    const { direct, through } = bothWays(world, desk.person, 'viewer')
    const expected = await direct(listAtMoment())
    const answer = await through(listAtMoment())
    expect(answer.headers['content-length']).toBeUndefined()
    expect(answer.headers['transfer-encoding']).toBe('chunked')
    expect(answer.body.length).toBeGreaterThan(2_000_000)
    expect(answer.body.equals(expected.body)).toBe(true)
  })

  test('is read page by page', async () => {
    const names = await desk.output(['get', 'configmaps', '--chunk-size', '70', '-o', 'name'])
    const parts = names.split('\n').filter((it) => it.startsWith('configmap/part-'))
    expect(new Set(parts).size).toBe(count)
    const { events } = await (
      await world.gateway.admin()
    ).events.list({
      person: desk.person.name,
      resource: 'configmaps',
    })
    expect(events.filter((it) => it.verb === 'list').length).toBeGreaterThanOrEqual(count / 70)
  })
})
