import { beforeAll, describe, expect, test } from 'vitest'
import { parseQuery } from '../../../server/proxy/query.ts'
import { isLongRunning, requestInfo, type RequestInfo } from '../../../server/proxy/request-info.ts'
import { parseTarget } from '../../../server/proxy/target.ts'
import { ask, type Answer } from '../../support/oracle.ts'
import { hostileTargets, labelledTargets } from './hostile-targets.ts'

type Row = readonly [
  request: string,
  verb: string,
  place: string, // prefix:group/version namespace resource subresource name
]

// proxy.md section 2, rows 1 to 40; `-` is empty, `!` marks what the gateway refuses before it gets here.
const nonResources: readonly (readonly [string, string])[] = [
  ['GET /', 'get'],
  ['GET /api/v1', 'get'],
  ['GET /apis/apps/v1/', 'get'],
  ['GET /openapi/v3/apis/apps/v1?hash=X', 'get'],
  ['POST /version', 'post'],
  ['GET /API/v1/secrets', 'get'],
]
const resources: readonly Row[] = [
  ['GET /api/v1/pods', 'list', '-/v1 - pods - -'],
  ['HEAD /api/v1/pods', 'list', '-/v1 - pods - -'],
  ['GET /api/v1/namespaces/a/pods?watch=1', 'watch', '-/v1 a pods - -'],
  ['GET /api/v1/namespaces/a/pods?watch', 'watch', '-/v1 a pods - -'],
  ['GET /api/v1/namespaces/a/pods?watch=FALSE', 'list', '-/v1 a pods - -'],
  ['GET /api/v1/namespaces/a/pods?watch=0&watch=1', 'list', '-/v1 a pods - -'],
  ['GET /api/v1/namespaces/a/pods?%77atch=true', 'watch', '-/v1 a pods - -'],
  ['GET /api/v1/namespaces/a/pods?watch=1;x', 'list', '-/v1 a pods - -'],
  ['GET /api/v1/namespaces/a/pods/p?watch=true', 'get', '-/v1 a pods - p'],
  ['GET /api/v1/watch/namespaces/a/pods/p', 'watch', '-/v1 a pods - p'],
  ['GET /api/v1/namespaces/a', 'get', '-/v1 a namespaces - a'],
  ['GET /api/v1/namespaces/a/status', 'get', '-/v1 a namespaces status a'],
  ['PUT /api/v1/namespaces/a/finalize', 'update', '-/v1 a namespaces finalize a'],
  ['GET /api/v1/namespaces/a/pods/p/log?follow=true', 'get', '-/v1 a pods log p'],
  ['GET /api/v1/namespaces/a/pods/p/exec?command=sh', 'get', '-/v1 a pods exec p'],
  ['POST /api/v1/namespaces/a/pods/p/exec?command=sh', 'create', '-/v1 a pods exec p'],
  ['GET /api/v1/nodes/n/proxy/exec/ns/p/c?command=id', 'get', '-/v1 - nodes proxy n'],
  [
    'POST /api/v1/namespaces/a/services/https:s:443/proxy/x/y',
    'create',
    '-/v1 a services proxy https:s:443',
  ],
  [
    'POST /api/v1/namespaces/a/serviceaccounts/sa/token',
    'create',
    '-/v1 a serviceaccounts token sa',
  ],
  ['DELETE /api/v1/namespaces/a/secrets', 'deletecollection', '-/v1 a secrets - -'],
  [
    'DELETE /api/v1/namespaces/a/secrets?fieldSelector=metadata.name=x',
    'deletecollection',
    '-/v1 a secrets - -',
  ],
  [
    'GET /apis/apps/v1/deployments?fieldSelector=metadata.name=d',
    'list',
    'apps/v1 - deployments - d',
  ],
  [
    'PATCH /apis/apps/v1/namespaces/a/deployments/d/scale',
    'patch',
    'apps/v1 a deployments scale d',
  ],
  ['OPTIONS /api/v1/namespaces/a/pods', '', '-/v1 a pods - -'],
  ['GET /api/v1/proxy/namespaces/a/services/s/x', 'proxy', '-/v1 a services - s'],
  ['GET /api/v1/namespaces/a%2Fsecrets/pods', 'get', '-/v1 a secrets - pods'],
  ['GET /api/v1/namespaces/a/../kube-system/secrets', 'get', '-/v1 a .. secrets kube-system'],
  ['GET //api/v1/secrets', 'list', '-/v1 - secrets - -'],
  ['GET /api/v1//secrets', 'get', '-/v1 - - - secrets'],
  ['GET /api/v1/namespaces//secrets', 'list', '-/v1 - secrets - -'],
  [
    'GET /apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
    'get',
    'rbac.authorization.k8s.io/v1 - clusterroles - system:node',
  ],
  [
    'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    'create',
    'authorization.k8s.io/v1 - selfsubjectaccessreviews - -',
  ],
  ['GET /apis/metrics.k8s.io/v1beta1/nodes', 'list', 'metrics.k8s.io/v1beta1 - nodes - -'],
]

/** A request as text, read without the target's own refusals: some rows are about what lies behind them. */
function infoOf(request: string): RequestInfo {
  const [method = '', target = ''] = request.split(' ')
  const [path = '', ...query] = target.split('?')
  return requestInfo(method, decodeURIComponent(path), query.join('?'))
}

describe('the vectors of the specification', () => {
  test.each(nonResources)('%s asks for no resource', (request, verb) => {
    expect(infoOf(request)).toMatchObject({ kind: 'nonresource', verb })
  })

  test.each(resources)('%s is %s on %s', (request, verb, place) => {
    const [groupVersion = '', ...words] = place.split(' ')
    const [group, version] = groupVersion.split('/')
    const [namespace, resource, subresource, name] = words.map((word) => word.replace(/^-$/, ''))
    expect(infoOf(request)).toMatchObject({
      kind: 'resource',
      verb,
      group: group === '-' ? '' : group,
      version,
      namespace,
      resource,
      subresource,
      name,
    })
  })

  test('a verb in the path with nothing behind it is an error', () => {
    expect(infoOf('GET /api/v1/watch')).toMatchObject({ kind: 'error' })
    expect(infoOf('GET /apis/apps/v1/proxy/')).toMatchObject({ kind: 'error' })
  })
})

describe('selectors', () => {
  test('options that do not decode lose the name but keep the watch', () => {
    const named = 'GET /api/v1/pods?watch=1&fieldSelector=metadata.name=x'
    expect(infoOf(named)).toMatchObject({ verb: 'watch', name: 'x' })
    expect(infoOf(`${named}&limit=`)).toMatchObject({ verb: 'watch', name: '' })
    expect(infoOf(`${named}&labelSelector=a+b`)).toMatchObject({ verb: 'watch', name: '' })
  })

  test('a selector that is not UTF-8 is an error, since Go would compare other bytes', () => {
    expect(infoOf('GET /api/v1/pods?fieldSelector=metadata.name=%ff')).toMatchObject({
      kind: 'error',
    })
    expect(infoOf('GET /api/v1/pods?command=%ff')).toMatchObject({ kind: 'resource' })
  })

  test('selectors are reported raw, and not for a verb in the path', () => {
    expect(infoOf('DELETE /api/v1/pods?labelSelector=a%3Db')).toMatchObject({
      labelSelector: 'a=b',
    })
    expect(infoOf('GET /api/v1/watch/pods?labelSelector=a')).not.toHaveProperty('labelSelector')
  })
})

test('long-running requests are watches, proxies, logs and channels, whatever the method', () => {
  const isLong = (request: string) => isLongRunning(infoOf(request))
  expect(isLong('GET /api/v1/pods?watch')).toBe(true)
  expect(isLong('GET /api/v1/namespaces/a/pods/p/log')).toBe(true)
  expect(isLong('POST /api/v1/namespaces/a/pods/p/portforward')).toBe(true)
  expect(isLong('GET /debug/pprof/profile')).toBe(true)
  expect(isLong('GET /api/v1/pods')).toBe(false)
})

// CVE-2026-16117, CVE-2019-11247, S3-T15: decided on what the cluster itself will read.
describe('held against kube-apiserver’s own code', () => {
  const seed = 20261122
  const requests = [...hostileTargets(seed, 6000), ...labelledTargets(seed, 3000)]
  let answers: readonly Answer[] = []

  beforeAll(async () => {
    answers = await ask(
      requests.map(({ method, target }) => ({
        op: 'info',
        method,
        target: target.slice('/k8s/c1'.length),
      })),
    )
  }, 900_000)

  test(`every target that is accepted is read alike (seed ${String(seed)})`, () => {
    const differences: unknown[] = []
    let accepted = 0
    let named = 0
    for (const [index, { method, target }] of requests.entries()) {
      const parsed = parseTarget(target)
      if (parsed.status === 'refused') continue
      const info = requestInfo(method, parsed.path, parsed.rawQuery)
      const go = fromGo(answers[index])
      if (isNotUtf8(info)) continue
      accepted++
      if (info.kind === 'resource' && info.fieldSelector && info.name) named++
      const ours = { info: comparable(info), isLongRunning: isLongRunning(info) }
      if (JSON.stringify(ours) !== JSON.stringify(go))
        differences.push({ method, target, ours, go })
    }
    expect(differences.slice(0, 5)).toEqual([])
    expect(accepted).toBeGreaterThan(3000)
    expect(named).toBeGreaterThan(500)
  })

  test('every query is read alike', () => {
    const differences: unknown[] = []
    let compared = 0
    for (const [index, { target }] of requests.entries()) {
      const go = answers[index]?.query
      if (go === undefined) continue
      const ours = Object.fromEntries(parseQuery(target.split('?').slice(1).join('?')))
      if (JSON.stringify(ours).includes('\ufffd')) continue
      compared++
      if (JSON.stringify(sorted(ours)) !== JSON.stringify(sorted(go)))
        differences.push({ target, ours, go })
    }
    expect(differences.slice(0, 5)).toEqual([])
    expect(compared).toBeGreaterThan(1500)
  })
})

const isNotUtf8 = (info: RequestInfo) => info.kind === 'error' && info.reason.includes('UTF-8')

const sorted = (query: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1))

function comparable(info: RequestInfo): unknown {
  if (info.kind === 'error') return { kind: 'error' }
  if (info.kind === 'nonresource') return { kind: info.kind, verb: info.verb, path: info.path }
  const { kind, verb, apiPrefix, group, version, namespace, resource, subresource, name } = info
  const { parts, fieldSelector = '', labelSelector = '' } = info
  const place = { apiPrefix, group, version, namespace, resource, subresource, name, parts }
  return { kind, verb, ...place, fieldSelector, labelSelector }
}

function fromGo(answer: Answer | undefined): unknown {
  const isLong = answer?.isLongRunning ?? false
  const go = answer?.info
  if (go === undefined) {
    const kind = answer?.error?.startsWith('request info') ? 'error' : answer?.error
    return { info: { kind }, isLongRunning: isLong }
  }
  const info = go['IsResourceRequest']
    ? {
        kind: 'resource',
        verb: go['Verb'],
        apiPrefix: go['APIPrefix'],
        group: go['APIGroup'],
        version: go['APIVersion'],
        namespace: go['Namespace'],
        resource: go['Resource'],
        subresource: go['Subresource'],
        name: go['Name'],
        parts: go['Parts'],
        fieldSelector: go['FieldSelector'],
        labelSelector: go['LabelSelector'],
      }
    : { kind: 'nonresource', verb: go['Verb'], path: go['Path'] }
  return { info, isLongRunning: isLong }
}
