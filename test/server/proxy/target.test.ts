import { describe, expect, test } from 'vitest'
import { parseTarget } from '../../../server/proxy/target.ts'

const accepted = (url: string) => {
  const target = parseTarget(url)
  if (target.status === 'refused') throw new Error(`${url}: ${target.reason}`)
  return target
}
const isRefused = (url: string) => parseTarget(url).status === 'refused'

test('a target names a cluster and forwards its path and query byte for byte', () => {
  expect(parseTarget('/k8s/c-1/api/v1/pods?labelSelector=a%3Db&watch=1?x')).toEqual({
    status: 'ok',
    cluster: 'c-1',
    rawPath: '/api/v1/pods',
    rawQuery: 'labelSelector=a%3Db&watch=1?x',
    path: '/api/v1/pods',
  })
  expect(accepted('/k8s/c1@view-er/')).toMatchObject({
    profile: 'view-er',
    rawPath: '/',
    rawQuery: '',
  })
})

test('the path is decoded exactly once, and what is forwarded stays encoded', () => {
  const target = accepted('/k8s/c1/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode')
  expect(target.path).toBe('/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node')
  expect(target.rawPath).toBe('/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode')
  expect(accepted('/k8s/c1/api/v1/namespaces/gr%C3%B6%C3%9Fe%20a+b').path).toBe(
    '/api/v1/namespaces/größe a+b',
  )
})

test('legal names stay possible: colons, dots inside, services with a scheme', () => {
  const names = [
    'system:node',
    'https:svc:443',
    'a.b',
    '...',
    '.a',
    'a..',
    '%2e%2e%2e',
    'x@y',
    "a'b",
  ]
  for (const name of names) expect(accepted(`/k8s/c1/api/v1/services/${name}`).cluster).toBe('c1')
})

// S1-T26: ids are [a-z0-9-]; a cluster id is never decoded.
test('a cluster or profile of another form is refused', () => {
  const names = ['C1', 'c1@Viewer', 'c_1', 'c%31', 'a'.repeat(64), 'c1@', '@p', 'c1@p@q', 'c.1', '']
  for (const name of names)
    expect(parseTarget(`/k8s/${name}/api`), name).toMatchObject({ code: 'invalid_input' })
  expect(accepted(`/k8s/${'a'.repeat(63)}/api`).cluster).toHaveLength(63)
})

test('a target without a path behind the cluster is refused', () => {
  for (const url of ['/k8s', '/k8s/', '/k8s/c1', '/k8s/c1?x=/y', '/k8s/c1@p'])
    expect(isRefused(url), url).toBe(true)
})

// proxy.md section 7 rows 1 to 5; S3-T15, CVE-2026-16117, CVE-2021-21321.
describe('targets that some reader could take for another one', () => {
  const hostile: readonly (readonly [string, readonly string[]])[] = [
    [
      'another host',
      [
        '//evil.com/api',
        '/k8s/c1//evil.com/api',
        '/k8s/c1/\\evil.com/',
        '\\k8s\\c1\\api',
        '/K8S/c1/api',
        '//k8s/c1/api',
      ],
    ],
    [
      'another form',
      ['http://169.254.169.254/latest', '*', 'a:1', '', 'k8s/c1/api', 'HTTP://c1/k8s/c1/api'],
    ],
    [
      'dot segments',
      [
        '/k8s/c1/api/v1/namespaces/allowed/../kube-system/secrets',
        '/k8s/c1/api/v1/namespaces/allowed/%2e%2e/kube-system',
        '/k8s/c1/api/v1/namespaces/allowed/.%2E/kube-system',
        '/k8s/c1/api/%2E./x',
        '/k8s/c1/api/..;/x',
        '/k8s/c1/api/./x',
        '/k8s/c1/api/%2e',
        '/k8s/c1/..',
        '/k8s/c1/.',
        '/k8s/../k8s/c1/api',
        '/k8s/c1/..%2f..%2fx',
      ],
    ],
    [
      'escaped separators',
      [
        '/k8s/c1/api/v1/namespaces/a%2Fsecrets/pods',
        '/k8s/c1/api/v1/namespaces/a%2fsecrets/pods',
        '/k8s/c1/api/v1/namespaces/a%5Csecrets',
        '/k8s/c1/api/v1/namespaces/a%5csecrets',
        '/k8s/c1%2Fapi/v1',
        '/k8s%2fc1/api',
        '/k8s/c1/api/v1/pods%3fwatch',
        '/k8s/c1/api/v1/pods%23x',
        '/k8s/c1/api/v1/pods%3bx',
      ],
    ],
    [
      'double escapes',
      ['/k8s/c1/api/a%252fb', '/k8s/c1/api/%25', '/k8s/c1/api/%252e%252e/x', '/k8s/c1/api/%25zz'],
    ],
    [
      'control characters',
      ['/k8s/c1/api/a%00', '/k8s/c1/api/a%0d%0a', '/k8s/c1/a%1f', '/k8s/c1/a%7f', '/k8s/c1/a%09'],
    ],
    [
      'malformed escapes',
      ['/k8s/c1/api/%zz', '/k8s/c1/api/%', '/k8s/c1/api/%2', '/k8s/c1/api/%+1', '/k8s/c1/%u0041'],
    ],
    ['no UTF-8', ['/k8s/c1/api/%ff', '/k8s/c1/api/%c0%ae%c0%ae/x', '/k8s/c1/api/%ed%a0%80']],
    [
      'raw bytes outside ASCII',
      [
        '/k8s/c1/api/ä',
        '/k8s/c1/api/a b',
        '/k8s/c1/api/a\tb',
        '/k8s/c1/api\u0000',
        '/k8s/c1/api?ä',
      ],
    ],
    [
      'empty segments',
      [
        '/k8s/c1/api/v1/namespaces//secrets',
        '/k8s/c1//api/v1/secrets',
        '/k8s/c1/api/v1/secrets///',
        '/k8s/c1/api/v1/secrets//',
      ],
    ],
    [
      'fragments and parameters',
      ['/k8s/c1/api#x', '/k8s/c1/api?x#y', '/k8s/c1/api;x/v1', '/k8s/c1/api/v1;/pods'],
    ],
  ]

  test.each(hostile)('%s', (_, urls) => {
    for (const url of urls)
      expect(parseTarget(url), url).toMatchObject({ status: 'refused', code: 'invalid_input' })
  })

  test('a reason never repeats what was sent', () => {
    for (const url of hostile.flatMap(([, urls]) => urls)) {
      const target = parseTarget(url)
      expect(target.status === 'refused' && target.reason).toMatch(/^the [A-Za-z0-9 /[\]{},#.-]+$/)
    }
  })

  test('a path longer than 8 KiB', () => {
    const url = `/k8s/c1/api/${'x'.repeat(8192 - '/api/'.length)}`
    expect(isRefused(url)).toBe(false)
    expect(isRefused(`${url}x`)).toBe(true)
    expect(isRefused(`${url}?command=x`)).toBe(false)
  })

  // A command of twenty thousand bytes is in Kubernetes’ own tests of exec.
  test('longer than 24 KiB with its query', () => {
    const url = `/k8s/c1/api?${'x'.repeat(24 * 1024 - 12)}`
    expect(isRefused(url)).toBe(false)
    expect(isRefused(`${url}x`)).toBe(true)
  })
})

describe('the path of a program behind a proxy subresource', () => {
  const behind = (path: string) => [
    `/k8s/c1/api/v1/namespaces/a/pods/p/proxy/${path}`,
    `/k8s/c1/api/v1/namespaces/a/services/https:s:443/proxy/${path}`,
    `/k8s/c1/api/v1/nodes/n/proxy/${path}`,
  ]

  test('it may hold parameters, a literal percent sign and delimiters', () => {
    const paths = ['', 'x;v=1/y', 'a%25', '100%25%20done', 'a%3Fb%23c%3Bd']
    for (const path of paths.flatMap(behind)) expect(isRefused(path), path).toBe(false)
  })

  test('it may not lead out of the program', () => {
    const paths = [
      '../x',
      'a/%2e%2e/b',
      '..;/x',
      '..;a=b/x',
      './x',
      '..%3b/x',
      '..%2fx',
      'a%5cb',
      'a//b',
      '%252e%252e/x',
      '%25%32%65%25%32%65/x',
      '%252%65/x',
      'a%00',
      '%ff',
    ]
    for (const path of paths.flatMap(behind)) expect(isRefused(path), path).toBe(true)
  })

  test('only these three have one; elsewhere the strict rules hold', () => {
    const paths = [
      '/k8s/c1/api/v1/namespaces/a/secrets/s/proxy/x;y',
      '/k8s/c1/apis/apps/v1/namespaces/a/pods/p/proxy/x;y',
      '/k8s/c1/api/v1/namespaces/a/nodes/n/proxy/x;y',
      '/k8s/c1/api/v1/pods/p/proxy/x;y',
      '/k8s/c1/api/v1/namespaces/a/pods/p/pro%78y/x;y',
      '/k8s/c1/api/v1/namespaces/a;b/pods/p/proxy/x',
      '/k8s/c1/api/v1/namespaces/a/pods/p%2fq/proxy/x',
      '/k8s/c1/api/v1/proxy/nodes/n/x;y',
    ]
    for (const path of paths) expect(isRefused(path), path).toBe(true)
  })
})
