import { expect, test } from 'vitest'
import { listColumns } from '../../../renderer/screens/list/columns.ts'

const titles = {
  name: 'Name',
  cluster: 'Cluster',
  namespace: 'Namespace',
  labels: 'Labels',
  cpuUsage: 'CPU',
  memoryUsage: 'Memory',
}
const context = {
  severalClusters: false,
  namespaced: true,
  oneNamespace: false,
  measured: true,
  titles,
  prefs: undefined,
}
const column = (id: string, title: string) => ({ id, title, type: 'text' as const })
const made = (...own: ReturnType<typeof column>[]) => {
  const columns = new Map(listColumns(own, context).map((it) => [it.id, it]))
  const width = (id: string) => columns.get(id)?.width ?? 0
  const growth = (id: string) => columns.get(id)?.grows ?? 0
  return { ids: [...columns.keys()], width, growth }
}

test('a name has most of the room, and a message where rows have one', () => {
  const pods = made(column('node', 'Node'))
  expect(pods.width('name')).toBeGreaterThan(pods.width('node'))
  expect(pods.growth('name')).toBeGreaterThan(pods.growth('node'))
  const events = made(column('object', 'Object'), column('message', 'Message'))
  expect(events.width('name')).toBeLessThan(pods.width('name'))
  for (const other of ['name', 'object']) {
    expect(events.width('message')).toBeGreaterThan(events.width(other))
    expect(events.growth('message')).toBeGreaterThan(events.growth(other))
  }
})

test('what is measured of a kind stands in columns of its own', () => {
  expect(made(column('node', 'Node')).ids).toContain('memoryUsage')
  const unmeasured = listColumns([], { ...context, measured: false }).map((it) => it.id)
  expect(unmeasured).toEqual(['name', 'namespace', 'labels'])
})
