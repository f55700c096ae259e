import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDevice } from '../../support/command-line.ts'
import { rawRequest } from '../../support/raw-request.ts'
import { openWorld, type TestPerson, type World } from '../../support/world.ts'

let world: World
let red: string
let blue: string

beforeAll(async () => {
  world = await openWorld()
  const made = await Promise.all(['red', 'blue'].map((it) => world.cluster.namespace(it)))
  const [one, other] = made.map(({ name }) => name)
  red = one ?? ''
  blue = other ?? ''
})
afterAll(() => world.stop())

const raw = (person: TestPerson, path: string) =>
  rawRequest({ ...world.gateway, token: person.token }, path)

test('two people with one profile each see their own namespace and no other', async () => {
  const [anna, ben] = await Promise.all([
    world.person(['viewer'], { namespaces: [red] }),
    world.person(['viewer'], { namespaces: [blue] }),
  ])
  const sees = async (person: TestPerson, namespace: string) => {
    const list = ['-n', namespace, 'get', 'serviceaccounts', '-o', 'name']
    const { code, stdout, stderr } = await person.kubectl(list)
    return code === 0 ? stdout : stderr
  }
  expect(await sees(anna, red)).toBe('serviceaccount/default\n')
  expect(await sees(ben, blue)).toBe('serviceaccount/default\n')
  expect(await sees(anna, blue)).toContain('Error from server (Forbidden)')
  expect(await sees(ben, red)).toContain('Error from server (Forbidden)')
})

test('a list of everything is refused with the namespaces that are allowed, never cut', async () => {
  const anna = await world.person(['viewer'], { namespaces: [red, blue] })
  for (const args of [
    ['get', 'pods', '-A'],
    ['get', 'pods', '-A', '--watch'],
    ['get', 'nodes'],
  ]) {
    const { code, stdout, stderr } = await anna.kubectl(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Error from server (Forbidden)')
    if (args.includes('-A')) {
      expect(stderr).toContain(red)
      expect(stderr).toContain(blue)
    }
  }
})

test('with two profiles a call names one, or is told which there are', async () => {
  const person = await world.person(['viewer', 'admin'])
  const configmaps = `/api/v1/namespaces/${red}/configmaps`
  const open = await raw(person, `/k8s/${world.id}${configmaps}`)
  expect(open.status).toBe(400)
  expect(JSON.parse(open.body.toString())).toMatchObject({
    kind: 'Status',
    reason: 'BadRequest',
    details: { causes: [{ message: 'admin' }, { message: 'viewer' }] },
  })
  const single = await world.person(['viewer'])
  expect((await raw(single, `/k8s/${world.id}${configmaps}`)).status).toBe(200)
  expect((await raw(single, `/k8s/${world.id}@admin${configmaps}`)).status).toBe(403)
})

test('each of two profiles may what it may, whichever the other is', async () => {
  const person = await world.person(['viewer', 'admin'])
  const make = ['-n', red, 'create', 'configmap', 'made', '--from-literal=a=b']
  const refused = await person.kubectl(['--context', 'viewer', ...make])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toContain('may not do this')
  expect((await person.kubectl(['--context', 'admin', ...make])).code).toBe(0)
  const secrets = ['-n', red, 'get', 'secrets']
  expect((await person.kubectl(['--context', 'viewer', ...secrets])).stderr).toContain('Forbidden')
  expect((await person.kubectl(['--context', 'admin', ...secrets])).code).toBe(0)
})

test('several grants on one profile add up, those of another profile do not', async () => {
  const person = await world.person(['viewer', 'admin'], { namespaces: [red] })
  const admin = await world.gateway.admin()
  const [profile] = (await admin.profiles.list({ clusterId: world.id })).filter(
    ({ name }) => name === 'viewer',
  )
  await admin.grants.create({
    personId: person.id,
    profileId: profile?.id ?? '',
    preset: 'viewer',
    namespaces: [blue],
  })
  const asked = async (context: string, namespace: string) =>
    (await person.kubectl(['--context', context, '-n', namespace, 'get', 'pods'])).code
  expect(await asked('viewer', red)).toBe(0)
  expect(await asked('viewer', blue)).toBe(0)
  expect(await asked('admin', red)).toBe(0)
  expect(await asked('admin', blue)).toBe(1)
})

test('a kubeconfig has one context per profile, in the namespace of its grant', async () => {
  const person = await world.person(['viewer', 'admin'], { namespaces: [red] })
  const device = newDevice()
  mkdirSync(device.home, { mode: 0o700 })
  const ca = join(device.home, 'ca.pem')
  writeFileSync(ca, world.gateway.caPem)
  const { address } = world.gateway
  const login = ['login', address, '--name', person.name, '--password-stdin', '--ca', ca]
  expect((await device.run(login, person.password)).code).toBe(0)
  const { stdout } = await device.run(['kubeconfig'])
  const config = new KubeConfig()
  config.loadFromString(stdout)
  const contexts = config.getContexts().map(({ name, namespace, cluster }) => ({
    name,
    namespace,
    server: config.getCluster(cluster)?.server,
  }))
  expect(contexts).toEqual(
    ['admin', 'viewer'].map((profile) => ({
      name: `gatehouse-${world.id}@${profile}`,
      namespace: red,
      server: `${address}/k8s/${world.id}@${profile}`,
    })),
  )
})
