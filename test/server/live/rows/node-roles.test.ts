import { expect, test } from 'vitest'
import { modelOf } from '../../../../server/live/rows/models.ts'
import { rowOf } from '../../../../server/live/rows/row.ts'

function rolesOf(labels: Readonly<Record<string, string>> | undefined) {
  const model = modelOf({ group: '', version: 'v1', resource: 'nodes' })
  if (!model) throw new Error('there is no model')
  const at = model.columns.findIndex((it) => it.id === 'roles')
  return rowOf(model, { metadata: { uid: 'u', name: 'it', labels }, spec: {}, status: {} }).cells[
    at
  ]
}

// S1-F26
test('a node tells the roles that its labels give it, and without any it is a worker', () => {
  expect(rolesOf({ 'node-role.kubernetes.io/control-plane': '' })).toBe('control-plane')
  expect(rolesOf({ 'node-role.kubernetes.io/etcd': '', 'kubernetes.io/role': 'infra' })).toBe(
    'etcd,infra',
  )
  expect(rolesOf(undefined)).toBe('worker')
  expect(rolesOf({ 'kubernetes.io/os': 'linux', 'node-role.kubernetes.io/': '' })).toBe('worker')
})
