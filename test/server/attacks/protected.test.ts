import { expect, test } from 'vitest'
import { presets } from '../../../server/policies/presets.ts'
import { decide } from '../../../server/policies/scope.ts'
import { requestInfo } from '../../../server/proxy/request-info.ts'
import { openWorld } from '../../support/world.ts'

const everything = { scopes: [{ grantId: 'g', scope: presets.admin, expires: undefined }] }
const judged = (method: string, path: string) =>
  decide(requestInfo(method, path, ''), everything, Date.now()).status

// S1-F66
test('no path leads to the end of a namespace that the cluster cannot do without', () => {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'kube-flannel']) {
    const path = `/api/v1/namespaces/${name}`
    expect(judged('DELETE', path)).toBe('refused')
    expect(judged('DELETE', `${path}/`)).toBe('refused')
    expect(judged('GET', path)).toBe('allowed')
    expect(judged('PATCH', path)).toBe('allowed')
    expect(judged('DELETE', `${path}/pods/one`)).toBe('allowed')
  }
  expect(judged('DELETE', '/api/v1/namespaces')).toBe('refused')
  expect(judged('DELETE', '/api/v1/namespaces/shop')).toBe('allowed')
})

test('kubectl is told which namespace stays', async () => {
  const world = await openWorld()
  try {
    const boss = await world.person(['admin'])
    // Dry: were the gateway wrong, the cluster of this run must not lose it.
    const run = await boss.kubectl(['delete', 'namespace', 'kube-public', '--dry-run=server'])
    expect(run.stderr).toContain('the namespace "kube-public" is protected')
    expect(run.code).toBe(1)
  } finally {
    await world.stop()
  }
})
