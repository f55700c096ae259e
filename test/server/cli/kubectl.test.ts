import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Device } from '../../../server/cli/device.ts'
import { connectCluster } from '../../support/cluster/client.ts'
import { newDevice } from '../../support/command-line.ts'
import { startGateway, type TestGateway } from '../../support/gateway.ts'

const cluster = connectCluster(inject('cluster'))
const person = { name: 'grace', password: 'a long enough password' }

let gateway: TestGateway
let namespace: string

beforeAll(async () => {
  const { address, caPem, serverName } = cluster.handle
  gateway = await startGateway({ allow: [new URL(address).host] })
  const admin = await gateway.admin()
  namespace = (await cluster.namespace('cli')).name
  const token = await cluster.serviceAccountToken(namespace, 'viewer', { clusterRole: 'view' })
  await admin.clusters.register({ id: 'prod', name: 'Production', address, caPem, serverName })
  const profile = await admin.profiles.createStatic({ clusterId: 'prod', name: 'viewer', token })
  const { id } = await admin.persons.create(person)
  await admin.grants.create({
    personId: id,
    profileId: profile.id,
    preset: 'viewer',
    namespaces: [namespace],
  })
})
afterAll(async () => {
  await gateway.stop()
})

test('kubectl works through a written kubeconfig until the session is revoked', async () => {
  const device = newDevice()
  mkdirSync(device.home, { mode: 0o700 })
  const ca = join(device.home, 'ca.pem')
  writeFileSync(ca, gateway.caPem)
  const login = ['login', gateway.address, '--name', person.name, '--password-stdin', '--ca', ca]
  expect((await device.run(login, person.password)).code).toBe(0)
  expect((await device.run(['clusters'])).stdout).toMatch(/^prod +Production/m)
  const kubeconfig = join(device.home, 'config')
  expect((await device.run(['kubeconfig', '--write', kubeconfig])).code).toBe(0)

  const context = await cluster.kubectl(['config', 'current-context'], { kubeconfig })
  expect(context.stdout).toBe('gatehouse-prod@viewer\n')
  const list = ['get', 'serviceaccounts', '-o', 'name']
  const listed = await cluster.kubectl(list, { kubeconfig })
  expect(listed).toMatchObject({ code: 0, stderr: '' })
  expect(listed.stdout).toContain('serviceaccount/viewer')
  expect(readdirSync(device.home)).toContain('cache')

  const file = readdirSync(device.home).find((name) => name.endsWith('.json')) ?? ''
  const { session } = JSON.parse(readFileSync(join(device.home, file), 'utf8')) as Device
  const admin = await gateway.admin()
  await admin.sessions.revoke({ id: session?.id ?? '' })
  const refused = await cluster.kubectl(list, { kubeconfig })
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toContain('You must be logged in')
})
