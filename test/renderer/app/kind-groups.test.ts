import { expect, test } from 'vitest'
import type { Kind } from '#gateway/kinds.ts'
import { groupKinds, pluralTitle } from '../../../renderer/app/kind-groups.ts'

const kind = (name: string, title: string, verbs = ['get', 'list', 'watch']): Kind => {
  const [resource = '', ...group] = name.split('.')
  return {
    group: group.join('.'),
    version: 'v1',
    resource,
    kind: title,
    singular: title.toLowerCase(),
    subresources: [],
    namespaced: true,
    verbs,
    shortNames: [],
    categories: [],
  }
}

test('each kind stands in one group, in the order that people know', () => {
  const groups = groupKinds([
    kind('deployments.apps', 'Deployment'),
    kind('backups.ops.example.com', 'Backup'),
    kind('pods', 'Pod'),
    kind('gateways.gateway.networking.k8s.io', 'Gateway'),
    kind('flowschemas.flowcontrol.apiserver.k8s.io', 'FlowSchema'),
    kind('widgets.gateway.k8s-like.io', 'Widget'),
    kind('nodes', 'Node'),
  ])
  const names = groups.map((it) => [it.apiGroup ?? it.id, it.kinds.map(({ kind }) => kind)])
  expect(names).toEqual([
    ['cluster', ['Node']],
    ['workloads', ['Pod', 'Deployment']],
    ['network', ['Gateway']],
    ['system', ['FlowSchema']],
    ['gateway.k8s-like.io', ['Widget']],
    ['ops.example.com', ['Backup']],
  ])
})

test('what cannot be listed and followed is no kind of the tree, and events are there once', () => {
  const groups = groupKinds([
    kind('tokenreviews.authentication.k8s.io', 'TokenReview', ['create']),
    kind('componentstatuses', 'ComponentStatus', ['get', 'list']),
    kind('events', 'Event'),
    kind('events.events.k8s.io', 'Event'),
  ])
  expect(groups).toEqual([{ id: 'cluster', kinds: [expect.objectContaining({ group: '' })] }])
})

test('a kind is named in the plural, with its words parted', () => {
  const names = [
    ['NetworkPolicy', 'networkpolicies', 'Network Policies'],
    ['Pod', 'pods', 'Pods'],
    ['CSIDriver', 'csidrivers', 'CSI Drivers'],
    ['EndpointSlice', 'endpointslices', 'Endpoint Slices'],
    ['Ingress', 'ingresses', 'Ingresses'],
  ] as const
  for (const [single, resource, title] of names)
    expect(pluralTitle({ kind: single, resource })).toBe(title)
})
