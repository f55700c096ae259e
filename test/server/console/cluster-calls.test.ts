import { describe, expect, test } from 'vitest'
import { askFor } from '../../../server/policies/ask.ts'
import { requestInfo } from '../../../server/proxy/request-info.ts'
import { pathOf, verbOf, type Address } from '../../../server/services/cluster-calls.ts'

const words = ['pods', 'secrets', 'namespaces', 'status', 'finalize', 'watch', 'proxy', 'events']
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const addresses = words.flatMap((resource) =>
  ['', 'apps'].flatMap((group) =>
    [undefined, 'web'].flatMap((namespace) =>
      [undefined, 'one', 'system:one'].flatMap((name) =>
        [undefined, 'status', 'scale', 'pods', 'log'].map((subresource): Address => ({
          group,
          version: 'v1',
          resource,
          namespace,
          name,
          subresource,
        })),
      ),
    ),
  ),
)

const built = (address: Address): string | undefined => {
  try {
    return pathOf(address)
  } catch {
    return undefined
  }
}

test('what is decided on is what kube-apiserver reads from the path that is sent', () => {
  let compared = 0
  for (const address of addresses) {
    const path = built(address)
    if (path === undefined) continue
    for (const method of methods) {
      const verb = verbOf({ method, name: address.name })
      const read = requestInfo(method, decodeURIComponent(path), '')
      const { parts: _, ...asked } = askFor({ ...address, verb })
      expect({ path, ...read }).toMatchObject({ path, ...asked })
      compared += 1
    }
  }
  expect(compared).toBeGreaterThan(400)
})

test('words that would be read as something else than a kind are no kinds', () => {
  const pods = { group: '', version: 'v1', resource: 'pods', name: 'one' }
  expect(built(pods)).toBe('/api/v1/pods/one')
  for (const resource of ['watch', 'proxy']) expect(built({ ...pods, resource })).toBeUndefined()
  expect(built({ ...pods, resource: 'namespaces', subresource: 'secrets' })).toBeUndefined()
  expect(built({ ...pods, resource: 'status', namespace: 'web' })).toBeUndefined()
})

describe('a part that would leave its place in the path is refused', () => {
  const hostile = [
    '..',
    '.',
    'a/b',
    '../secrets',
    '%2f',
    'a%2e%2e',
    'a?watch=1',
    'a#',
    '',
    'ä',
    'a b',
  ]
  test.each(hostile)('%j', (part) => {
    const address = {
      group: 'apps',
      version: 'v1',
      resource: 'pods',
      namespace: 'web',
      name: 'one',
    }
    for (const field of ['version', 'resource', 'namespace', 'name'] as const)
      expect(() => pathOf({ ...address, [field]: part }), field).toThrow()
    if (part !== '') expect(() => pathOf({ ...address, group: part })).toThrow()
    expect(() => pathOf({ ...address, subresource: part })).toThrow()
  })
})

test('a name that only RBAC has stays one part of the path', () => {
  const roles = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' }
  expect(pathOf({ ...roles, name: 'system:node@x' })).toBe(
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode%40x',
  )
})
