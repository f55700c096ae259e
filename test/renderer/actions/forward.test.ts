import { afterAll, beforeAll, expect, test } from 'vitest'
import { portsOfPod, portsOfService } from '../../../renderer/app/actions/forward-ports.ts'
import { see } from '../../support/see.ts'
import { act } from '../../support/stories.ts'
import { openStage, type Stage } from './stage.ts'

const container = (ports: unknown[]) => ({ spec: { containers: [{ name: 'main', ports }] } })
const http = { containerPort: 8080, name: 'http' }

test('a pod offers the ports that its containers declare, each once, and only TCP', () => {
  const dns = { containerPort: 53, protocol: 'UDP' }
  expect(portsOfPod(container([http, dns, { containerPort: 9090 }, http]))).toEqual([
    { port: 8080, label: '8080 http' },
    { port: 9090, label: '9090' },
  ])
  expect(portsOfPod({ spec: { containers: 'none' } })).toEqual([])
})

test('a service offers where its ports lead in the pod; a name that no container has leads nowhere', () => {
  const ports = [
    { port: 80, targetPort: 'http', name: 'web' },
    { port: 81, targetPort: 'missing' },
    { port: 9090 },
  ]
  expect(portsOfService({ spec: { ports } }, container([http]))).toEqual([
    { port: 8080, label: '80 → 8080 web' },
    { port: 9090, label: '9090' },
  ])
})

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const place = { cluster: 'prod', profile: 'operator' }
const at = { ...place, version: 'v1', namespace: 'shop' }
const rights = {
  'rights.rules': {
    rules: [{ verbs: ['*'], groups: ['*'], resources: ['*'], names: [] }],
    capabilities: [],
    incomplete: false,
  },
}
const pods = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespace: 'shop' }
const relation = (name: string, tone: string, status: string) => ({
  ...pods,
  relation: 'child',
  name,
  tone,
  status,
})
const unused = { connections: 0, bytesIn: 0, bytesOut: 0 }
const forwarded = (pod: string, port: number) => ({
  ...place,
  ...unused,
  id: 'f',
  namespace: 'shop',
  pod,
  port,
  localPort: 4000,
  status: 'open',
})
const dialog = () => stage.page.getByRole('dialog')
const begin = async () => {
  await act(stage.page, stage.page.locator('main'), 'Forward a port')
  await see(dialog()).toBeVisible()
}
const confirm = () => dialog().getByRole('button', { name: 'Forward a port' }).click()

test('a declared port of a pod is a click away, another one can be typed', async () => {
  const pod = { ...at, group: '', resource: 'pods', name: 'web' }
  await stage.show(
    { show: 'actions', targets: [pod] },
    {
      ...rights,
      'objects.get': { object: container([http, { containerPort: 9090 }]) },
      'forwards.start': forwarded('web', 9090),
    },
  )
  await begin()
  const field = dialog().getByLabel('Port of the pod')
  await see(field).toHaveValue('8080')
  await dialog().getByRole('button', { name: '9090' }).click()
  await see(field).toHaveValue('9090')
  await field.fill('7070')
  await dialog().getByRole('button', { name: '9090' }).click()
  await confirm()
  await see(dialog()).toBeHidden()
  const asked = { ...place, namespace: 'shop', pod: 'web', port: 9090 }
  expect(await stage.asked('forwards.start')).toEqual([asked])
})

test('behind a workload a ready pod is chosen first, and another one can be', async () => {
  const target = { ...at, group: 'apps', resource: 'deployments', name: 'web' }
  const relations = [
    relation('web-1', 'failed', 'CrashLoopBackOff'),
    relation('web-2', 'ok', 'Running'),
  ]
  const described = { tone: 'ok', status: '', reasons: [], relations, unseen: [] }
  await stage.show(
    { show: 'actions', targets: [target] },
    {
      ...rights,
      'objects.describe': described,
      'objects.get': { object: container([http]) },
      'forwards.start': forwarded('web-2', 8080),
    },
  )
  await begin()
  await see(dialog().getByText('Cluster prod, profile operator')).toBeVisible()
  const choice = dialog().getByLabel('Pod', { exact: true })
  await see(choice).toHaveValue('web-2')
  await see(choice.getByRole('option')).toHaveText(['web-2 (Running)', 'web-1 (CrashLoopBackOff)'])
  await confirm()
  await see(dialog()).toBeHidden()
  const asked = { ...place, namespace: 'shop', pod: 'web-2', port: 8080 }
  expect(await stage.asked('forwards.start')).toEqual([asked])

  await stage.answer({ 'objects.describe': { ...described, relations: [] } })
  await stage.show(
    { show: 'actions', targets: [target] },
    { ...rights, 'objects.describe': { ...described, relations: [] } },
  )
  await begin()
  await see(dialog().getByText('There is no pod behind web.')).toBeVisible()
  await see(dialog().getByRole('button', { name: 'Forward a port' })).toBeDisabled()
})
