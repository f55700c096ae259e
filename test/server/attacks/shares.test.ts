import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startGateway } from '../../support/gateway.ts'
import { openWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.stop())

const configMap = (name: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })

test('who may not create makes nothing by a server-side apply either', async () => {
  const { name: namespace } = await world.cluster.namespace('apply')
  const admin = await world.gateway.admin()
  const person = await world.person(['admin'], { namespaces: [namespace] })
  const [grant] = await admin.grants.list({ personId: person.id })
  await admin.grants.remove({ id: person.grantIds[0] ?? '' })
  await admin.grants.create({
    personId: person.id,
    profileId: grant?.profileId ?? '',
    namespaces: [namespace],
    rules: [{ verbs: ['get', 'patch', 'update'] }],
    capabilities: [],
  })
  const apply = (name: string) =>
    person.kubectl(['apply', '--server-side', '-n', namespace, '-f', '-'], {
      stdin: configMap(name),
    })
  const refused = await apply('made')
  expect(refused.stderr).toContain('create configmaps')
  const seen = await world.cluster.kubectl(['get', 'configmap', 'made', '-n', namespace])
  expect(seen.stderr).toContain('NotFound')
})

test('a profile’s account lives where nobody can run a pod as it', async () => {
  const admin = await world.gateway.admin()
  const wish = { clusterId: world.id, name: 'elsewhere', serviceAccount: 'default' }
  await expect(
    admin.profiles.createMinted({ ...wish, namespace: 'default' }),
  ).rejects.toMatchObject({ code: 'invalid_input', fields: { namespace: expect.anything() } })
})

test('one address holds its share of the connections and no more', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-shares-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'config.yaml')
  await writeFile(file, 'limits: { connectionsPerSource: 3 }')
  const gateway = await startGateway({ environment: { GATEHOUSE_CONFIG: file } })
  onTestFinished(() => gateway.stop())
  const place = { host: '127.0.0.1', port: gateway.port, ca: gateway.caPem }
  const open = () => {
    const socket = connect(place)
    onTestFinished(() => void socket.destroy())
    return socket
  }
  const held = [open(), open(), open()]
  await Promise.all(held.map((socket) => once(socket, 'secureConnect')))
  await expect(once(open(), 'secureConnect')).rejects.toThrow()
  const [first] = held
  first?.destroy()
  await expect
    .poll(() =>
      gateway
        .as()
        .entry.status({})
        .then(
          () => true,
          () => false,
        ),
    )
    .toBe(true)
})
