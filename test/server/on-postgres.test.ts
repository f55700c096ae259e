import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyExport } from '../../server/audit/verify-file.ts'
import { administrator } from '../support/gateway.ts'
import { rawRequest } from '../support/raw-request.ts'
import { startPostgres, type PostgresServer } from '../support/postgres.ts'
import { openWorld, type World } from '../support/world.ts'

let postgres: PostgresServer
let world: World
beforeAll(async () => {
  postgres = await startPostgres()
  world = await openWorld({ environment: { DATABASE_URL: await postgres.url('gateway') } })
})
afterAll(async () => {
  await world?.stop()
  await postgres?.stop()
})

test('a whole gateway works on PostgreSQL, from sign-in to kubectl', async () => {
  const viewer = await world.person(['viewer'], { namespaces: ['kube-public'] })
  const own = await viewer.kubectl(['get', 'configmaps', '-n', 'kube-public'])
  const foreign = await viewer.kubectl(['get', 'configmaps', '-n', 'kube-system'])
  expect(own).toMatchObject({ code: 0, stderr: '' })
  expect(foreign.code).toBe(1)
  expect(foreign.stderr).toContain('allowed namespaces: kube-public')
})

test('its audit chain verifies, and a rotated sealing key still opens what is sealed', async () => {
  const admin = await world.gateway.admin()
  const operator = await world.person(['operator'])
  const before = await admin.keys.rotate({})
  expect(before.rewrapped).toBeGreaterThan(0)
  expect((await operator.kubectl(['get', 'pods', '-A'])).code).toBe(0)

  const { accessToken } = await world.gateway.signIn(administrator.name, administrator.password)
  const exported = await rawRequest(
    { address: world.gateway.address, caPem: world.gateway.caPem, token: accessToken },
    '/api/events/export',
  )
  const { publicKeyPem } = await admin.events.chain({})
  const verdict = await verifyExport(Readable.from([exported.body]), publicKeyPem)
  expect(verdict).toMatchObject({ status: 'intact', gaps: [] })
})
