import { expect, test } from 'vitest'
import type { RightRule } from '#gateway/rights.ts'
import { permissionLines } from '../../../renderer/screens/settings/permission-lines.ts'

const rule = (verbs: string, kinds: string, groups = [''], names: string[] = []): RightRule => ({
  verbs: verbs.split(' '),
  groups,
  resources: kinds.split(' '),
  names,
})

test('kinds with which the same may be done stand together, each once', () => {
  const lines = permissionLines([
    rule('watch list get', 'pods services pods/log'),
    rule('delete create', 'pods'),
    rule('get list watch create delete', 'deployments deployments/scale', ['apps']),
    rule('list get', 'services'),
  ])
  expect(lines).toEqual([
    {
      verbs: ['read', 'create', 'delete'],
      kinds: ['deployments.apps', 'deployments.apps/scale', 'pods'],
      names: [],
    },
    { verbs: ['read'], kinds: ['pods/log', 'services'], names: [] },
  ])
})

test('what everything of a group says already is not said again', () => {
  const lines = permissionLines([
    rule('get list watch', '*', ['apps']),
    rule('get list watch', 'deployments deployments/status', ['apps', 'extensions']),
    rule('get list watch delete', 'daemonsets', ['apps']),
    rule('get list watch', 'pods pods/log'),
  ])
  expect(lines).toEqual([
    { verbs: ['read', 'delete'], kinds: ['daemonsets.apps'], names: [] },
    {
      verbs: ['read'],
      kinds: [
        '*.apps',
        'deployments.extensions',
        'deployments.extensions/status',
        'pods',
        'pods/log',
      ],
      names: [],
    },
  ])
})

test('what may be done most comes first, what is only named last, and half of reading is not called reading', () => {
  const lines = permissionLines([
    rule('get', 'configmaps', [''], ['settings']),
    rule('get list', 'nodes'),
    rule('impersonate bind', '*', ['rbac.authorization.k8s.io']),
    rule('* get', '*', ['example.com']),
    rule('use', '*'),
  ])
  expect(lines.map((it) => [it.verbs.join(' '), it.kinds.join(' '), it.names.join(' ')])).toEqual([
    ['all', '*.example.com', ''],
    ['get list', 'nodes', ''],
    ['bind impersonate', '*.rbac.authorization.k8s.io', ''],
    ['use', '*.core', ''],
    ['get', 'configmaps', 'settings'],
  ])
})

test('nothing is said beside everything, and nothing of no rules', () => {
  const all = { verbs: ['all'], kinds: ['*'], names: [] }
  expect(permissionLines([rule('get', 'pods'), rule('*', '*', ['*'])])).toEqual([all])
  const named = rule('*', '*', ['*'], ['one'])
  expect(permissionLines([named, rule('get', 'pods')])).toHaveLength(2)
  expect(permissionLines([])).toEqual([])
})
