import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../support/cluster/readiness.ts'
import { newDevice } from '../../support/command-line.ts'
import { administrator } from '../../support/gateway.ts'
import { startProgram } from '../../support/program.ts'
import { simulatedPod } from '../../support/simulated-pod.ts'
import { openWorld, type World } from '../../support/world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld({ environment: { GATEHOUSE_ACCESS_SECONDS: '10' } })
})
afterAll(() => world.stop())

test('twenty kubectl at the moment the access token expires all succeed, and open streams go on', async () => {
  const { cluster, gateway } = world
  const { name: namespace } = await cluster.namespace('expiring')
  const pods = `/api/v1/namespaces/${namespace}/pods`
  await cluster.api.want(pods, { method: 'POST', body: simulatedPod('target') })
  await cluster.waitForPod(namespace, 'target')
  const person = await world.person(['operator'], { namespaces: [namespace] })

  const device = newDevice()
  mkdirSync(device.home, { mode: 0o700 })
  const ca = join(device.home, 'ca.pem')
  writeFileSync(ca, gateway.caPem)
  const kubeconfig = join(device.home, 'config')
  const login = ['login', gateway.address, '--name', person.name, '--password-stdin', '--ca', ca]
  expect((await device.run(login, person.password)).code).toBe(0)
  expect((await device.run(['kubeconfig', '--write', kubeconfig])).code).toBe(0)
  const env = { PATH: device.env['PATH'] ?? '', HOME: device.home, KUBECONFIG: kubeconfig }
  const { kubectl } = cluster.handle.parts
  const start = (args: readonly string[]) => startProgram(kubectl, args, env)

  const watch = start(['get', 'configmaps', '--watch', '-o', 'name'])
  const exec = start(['exec', '-i', 'target', '--', 'timeout', '90', 'cat'])
  await watch.transcript.shows(/kube-root-ca/)
  exec.write('before\n')
  await exec.transcript.shows(/before/)

  const opened = (await device.run(['token'])).stdout
  const { token } = (JSON.parse(opened) as { status: { token: string } }).status
  await until({ what: 'The token being refused', withinMs: 20_000 }, () =>
    gateway
      .as(token)
      .persons.me({})
      .then(
        () => undefined,
        () => true,
      ),
  )
  const many = Array.from({ length: 20 }, () => start(['get', 'pods', '-o', 'name']))
  const codes = await Promise.all(many.map(({ ended }) => ended))
  expect(many.map(({ transcript }) => transcript.text)).toEqual(Array(20).fill('pod/target\n'))
  expect(codes).toEqual(Array(20).fill(0))

  await cluster.api.want(`/api/v1/namespaces/${namespace}/configmaps`, {
    method: 'POST',
    body: { metadata: { name: 'made-after' } },
  })
  await watch.transcript.shows(/configmap\/made-after/)
  exec.write('after\n')
  await exec.transcript.shows(/after/)
  const { name: root, password } = administrator
  const admin = gateway.as((await gateway.signIn(root, password)).accessToken)
  const { events } = await admin.events.list({ action: 'entry.refresh', limit: 1000 })
  expect(events.length).toBeGreaterThan(0)
  expect(events.filter(({ result }) => result !== 'allowed')).toEqual([])
  await Promise.all([watch.stop(), exec.stop()])
}, 90_000)
