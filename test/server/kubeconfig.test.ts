import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { readKubeconfig } from '../../server/services/kubeconfig.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const pem = (what: string) => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`
const literal = {
  server: 'https://k8s.example:6443',
  'certificate-authority-data': base64(pem('CERTIFICATE')),
}

const configOf = (cluster: object, user: object) =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'default' } }],
    'current-context': 'x',
  })

const read = (cluster: object, user: object) => readKubeconfig(configOf(cluster, user))[0]

test('what is written literally is taken over', () => {
  const cluster = {
    ...literal,
    'tls-server-name': 'inner.example',
    'proxy-url': 'http://u:p@proxy.example:3128',
  }
  expect(read(cluster, { token: 'abc.def' })).toEqual({
    status: 'literal',
    name: 'x',
    reach: {
      address: 'https://k8s.example:6443',
      caPem: pem('CERTIFICATE'),
      serverName: 'inner.example',
      proxyUrl: 'http://u:p@proxy.example:3128',
    },
    credential: { kind: 'token', token: 'abc.def' },
  })
  const certificate = {
    'client-certificate-data': base64(pem('CERTIFICATE')),
    'client-key-data': base64(pem('PRIVATE KEY')),
  }
  expect(read(literal, certificate)).toMatchObject({
    credential: { kind: 'certificate', keyPem: pem('PRIVATE KEY') },
  })
})

test.each([
  ['exec', { token: 't', exec: { command: '/bin/touch', args: ['/tmp/owned'] } }],
  ['auth-provider', { 'auth-provider': { name: 'gcp' } }],
  ['tokenFile', { tokenFile: '/etc/passwd' }],
  ['client-certificate', { 'client-certificate': '/etc/passwd', 'client-key': '/etc/shadow' }],
  ['client-key', { 'client-key': '/etc/shadow' }],
  ['username', { username: 'a', password: 'b' }],
  ['password', { password: 'b' }],
  ['as', { token: 't', as: 'system:admin' }],
  ['as-uid', { token: 't', 'as-uid': '1' }],
  ['as-groups', { token: 't', 'as-groups': ['system:masters'] }],
  ['as-user-extra', { token: 't', 'as-user-extra': { a: ['b'] } }],
  ['something-new', { token: 't', 'something-new': true }],
])('a user with %s is refused by that name', (field, user) => {
  const context = read(literal, user)
  expect(context).toMatchObject({ status: 'refused', address: literal.server })
  expect(context).toHaveProperty('reason', expect.stringContaining(field))
})

test.each([
  ['insecure-skip-tls-verify', { ...literal, 'insecure-skip-tls-verify': true }],
  ['certificate-authority', { server: literal.server, 'certificate-authority': '/etc/passwd' }],
  ['proxy-url', { ...literal, 'proxy-url': 'socks5://10.0.0.1:1080' }],
  ['server', {}],
  ['certificate-authority-data', { ...literal, 'certificate-authority-data': '%%%' }],
])('a cluster with a bad %s is refused by that name', (field, cluster) => {
  const context = read(cluster, { token: 't' })
  expect(context).toHaveProperty('reason', expect.stringContaining(field))
})

test('a refused context leaves the others as they are', () => {
  const contexts = readKubeconfig(
    stringify({
      clusters: [{ name: 'c', cluster: literal }],
      users: [
        { name: 'good', user: { token: 't' } },
        { name: 'bad', user: { exec: { command: 'x' } } },
        { name: 'twice', user: { token: 't' } },
        { name: 'twice', user: { token: 'other' } },
      ],
      contexts: ['good', 'bad', 'twice', 'missing'].map((user) => ({
        name: user,
        context: { cluster: 'c', user },
      })),
    }),
  )
  expect(contexts.map((it) => [it.name, it.status])).toEqual([
    ['good', 'literal'],
    ['bad', 'refused'],
    ['twice', 'refused'],
    ['missing', 'refused'],
  ])
})

const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
for (let i = 1; i < 9; i += 1) bomb.push(`a${i}: &a${i} [${`*a${i > 1 ? i - 1 : ''},`.repeat(9)}]`)

test.each([
  ['an alias bomb', bomb.join('\n')],
  ['an alias', 'users: &u []\ncontexts: *u'],
  ['deep nesting', '['.repeat(20_000)],
  ['broken YAML', 'users: [token: secret-in-the-text'],
  ['a program tag', '!!js/function "function () {}"'],
  ['two documents', 'a: 1\n---\nb: 2'],
  ['a list', '- 1'],
  ['a text', 'hello'],
  ['wrong types', 'users: 7'],
])('%s is bad input and quotes nothing of it', (_what, text) => {
  let caught: unknown
  try {
    readKubeconfig(text)
  } catch (error) {
    caught = error
  }
  expect(caught).toMatchObject({ code: 'invalid_input' })
  expect(String(caught)).not.toContain('secret-in-the-text')
})
