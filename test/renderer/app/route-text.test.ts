import { expect, test } from 'vitest'
import { hashOf, parseHash, type Route } from '../../../renderer/app/route-text.ts'

const prod = { cluster: 'prod', profile: 'viewer' }
const dev = { cluster: 'dev', profile: 'admin' }
const deployments = { group: 'apps', version: 'v1', resource: 'deployments' }

const routes: readonly Route[] = [
  { screen: 'home' },
  { screen: 'sign-in' },
  { screen: 'forwards' },
  { screen: 'settings' },
  { screen: 'admin', page: 'grants' },
  {
    screen: 'admin',
    page: 'audit',
    filter: { person: 'ada+b@x.org', since: '2026-11-22T08:00:00Z', 'a b&c=': '100% #1' },
  },
  { screen: 'overview', places: [prod] },
  { screen: 'overview', places: [prod, dev] },
  { screen: 'list', places: [prod], kind: { group: '', version: 'v1', resource: 'pods' } },
  {
    screen: 'list',
    places: [prod, dev],
    kind: deployments,
    namespaces: ['shop', 'payments'],
    text: 'web !old /^api-\\d+$/ 100% a+b #1 &x=y',
    labels: 'app=web,tier in (a,b),!old',
    statuses: ['Running', 'Init:0/1', 'Ready,SchedulingDisabled', 'über 100%'],
    owner: '1f7c',
    sort: [
      { column: 'age', descending: true },
      { column: 'name', descending: false },
    ],
    open: { namespace: 'shop', name: 'web-1', place: dev },
    tab: 'yaml',
    full: true,
  },
  { screen: 'list', places: [dev], kind: deployments, open: { name: 'system:node:a' } },
]

test('every address leads back to the view that it was made of', () => {
  for (const route of routes) expect(parseHash(hashOf(route))).toEqual(route)
})

test('an address can be read and typed by people', () => {
  const route = parseHash(
    '/c/prod@viewer+dev@admin/apps/v1/deployments?ns=shop,payments&q=web+!old&sort=-age',
  )
  expect(route).toEqual({
    screen: 'list',
    places: [prod, dev],
    kind: deployments,
    namespaces: ['shop', 'payments'],
    text: 'web !old',
    sort: [{ column: 'age', descending: true }],
  })
  expect(hashOf(route)).toBe(
    '/c/prod@viewer+dev@admin/apps/v1/deployments?ns=shop,payments&q=web+!old&sort=-age',
  )
})

test('what somebody made up is a view or none, and never an error', () => {
  const hostile = [
    '/c/',
    '/c/@',
    '/c/@@/',
    '/c/+++/core/v1/pods',
    '/c/prod@%',
    '/c/%E0%A4%A/core/v1/pods?s=%&q=%ZZ',
    '/c/prod@viewer/core/v1/pods?open=/&sort=-&ns=,,,&full=yes',
    '/admin/%2e%2e/%2e%2e',
    '/admin/audit?__proto__=a&constructor=b&=c&d=&e&%=%',
    '//evil.example/c/prod@viewer',
    'javascript:alert(1)',
    '/__proto__/constructor',
    `/c/${'a@b+'.repeat(10_000)}`,
    '/\u0000\ud800',
  ]
  for (const hash of hostile) {
    const route = parseHash(hash)
    expect(['home', 'overview', 'list', 'admin', 'unknown']).toContain(route.screen)
    // What it is taken for has an address of its own, which means the same.
    if (route.screen !== 'unknown') expect(parseHash(hashOf(route))).toEqual(route)
  }
  expect(parseHash('/c/@')).toEqual({ screen: 'unknown', path: '/c/@' })
  expect(parseHash('javascript:alert(1)')).toMatchObject({ screen: 'unknown' })
})
