import { expect, test } from 'vitest'
import { askFor } from '../../../server/policies/ask.ts'
import { presets } from '../../../server/policies/presets.ts'
import { decide } from '../../../server/policies/scope.ts'
import { decideView } from '../../../server/policies/views.ts'
import { requestInfo } from '../../../server/proxy/request-info.ts'

test('a question is the same as one that is read from the path that is sent', () => {
  const core = { group: '', version: 'v1' }
  const apps = { group: 'apps', version: 'v1', resource: 'deployments' }
  const cases = [
    [{ ...core, verb: 'list', resource: 'pods' }, 'GET', '/api/v1/pods'],
    [
      { ...core, verb: 'get', resource: 'pods', subresource: 'log', namespace: 'a', name: 'b' },
      'GET',
      '/api/v1/namespaces/a/pods/b/log',
    ],
    [
      { ...apps, verb: 'patch', namespace: 'a', name: 'b' },
      'PATCH',
      '/apis/apps/v1/namespaces/a/deployments/b',
    ],
    [{ ...apps, verb: 'list', namespace: 'a' }, 'GET', '/apis/apps/v1/namespaces/a/deployments'],
    [{ ...core, verb: 'get', resource: 'namespaces', name: 'a' }, 'GET', '/api/v1/namespaces/a'],
    [{ ...core, verb: 'list', resource: 'nodes' }, 'GET', '/api/v1/nodes'],
  ] as const
  for (const [ask, method, path] of cases)
    expect(askFor(ask), path).toEqual(requestInfo(method, path, ''))
})

test('a view lists Secrets by the plain verb, and only so; their values need the capability', () => {
  const rights = (scope: Parameters<typeof granted>[0]) => ({ scopes: [granted(scope)] })
  const granted = (scope: (typeof presets)['viewer'] & { namespaces?: string[] }) => ({
    grantId: 'g',
    scope,
    expires: undefined,
  })
  const secrets = askFor({
    verb: 'list',
    group: '',
    version: 'v1',
    resource: 'secrets',
    namespace: 'a',
  })
  expect(decide(secrets, rights(presets.viewer), 0).status).toBe('refused')
  expect(decideView(secrets, rights(presets.viewer), 0)).toEqual({
    status: 'allowed',
    grantIds: ['g'],
  })
  expect(decideView(secrets, rights({ ...presets.viewer, namespaces: ['b'] }), 0).status).toBe(
    'refused',
  )
  const pods = { rules: [{ resources: ['pods'] }], capabilities: [] }
  expect(decideView(secrets, rights(pods), 0).status).toBe('refused')
  const own = askFor({
    verb: 'list',
    group: '',
    version: 'v1',
    resource: 'secrets',
    namespace: 'gatehouse-system',
  })
  expect(decideView(own, rights(presets.admin), 0).status).toBe('refused')
})
