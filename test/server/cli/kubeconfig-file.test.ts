import { KubeConfig } from '@kubernetes/client-node'
import { expect, test } from 'vitest'
import { mergeKubeconfig, type Own } from '../../../server/cli/kubeconfig-file.ts'

const address = 'https://gateway.test:8443'

const entry = (name: string, namespaces?: readonly string[]) => ({
  name: `gatehouse-${name}`,
  clusterId: name.split('@')[0] ?? '',
  server: `${address}/k8s/${name}`,
  namespaces,
})

const own = (over: Partial<Own> = {}): Own => ({
  address,
  caPem: 'an authority',
  entries: [entry('prod@viewer', ['shop', 'no']), entry('test@admin')],
  clusterId: undefined,
  plugin: { command: '/usr/bin/node', args: ['/cli.ts', 'token'], env: { HOME_OF_STATE: '/x' } },
  ...over,
})

const foreign = `# mine
apiVersion: v1
kind: Config
current-context: home
clusters:
  - name: home # the one in the cellar
    cluster: { server: https://10.0.0.1:6443, certificate-authority-data: Zm9v }
contexts:
  - name: home
    context: { cluster: home, user: me, namespace: 'yes' }
users:
  - name: me
    user:
      token: a-foreign-token
preferences: {}
extensions: [{ name: kept, extension: { a: 1 } }]
`

function load(text: string): KubeConfig {
  const config = new KubeConfig()
  config.loadFromString(text)
  return config
}

test('an empty file becomes a kubeconfig that runs the plugin and holds no token', () => {
  const config = load(mergeKubeconfig('', own()))
  expect(config.contexts.map(({ name }) => name)).toEqual([
    'gatehouse-prod@viewer',
    'gatehouse-test@admin',
  ])
  expect(config.getCluster('gatehouse-prod@viewer')).toMatchObject({
    server: `${address}/k8s/prod@viewer`,
    caData: Buffer.from('an authority').toString('base64'),
    skipTLSVerify: false,
  })
  const user = config.getUser(config.contexts[0]?.user ?? '')
  expect(user?.exec).toMatchObject({ command: '/usr/bin/node', interactiveMode: 'Never' })
  expect(user?.token).toBeUndefined()
})

test('foreign entries, comments and the current context stay', () => {
  const merged = mergeKubeconfig(foreign, own())
  const config = load(merged)
  expect(config.getCurrentContext()).toBe('home')
  expect(config.getUser('me')?.token).toBe('a-foreign-token')
  expect(config.getContextObject('home')?.namespace).toBe('yes')
  expect(merged).toContain('# the one in the cellar')
  expect(merged).toContain('extension: { a: 1 }')
})

test('merging twice changes nothing, and a grant that ended takes its context along', () => {
  const once = mergeKubeconfig(foreign, own())
  expect(mergeKubeconfig(once, own())).toBe(once)
  const less = load(mergeKubeconfig(once, own({ entries: [entry('test@admin')] })))
  expect(less.contexts.map(({ name }) => name)).toEqual(['home', 'gatehouse-test@admin'])
  const none = mergeKubeconfig(once, own({ entries: [] }))
  expect(load(none).users.map(({ name }) => name)).toEqual(['me'])
  expect(none).not.toContain('gatehouse')
})

test('one cluster can be written without touching the others', () => {
  const once = mergeKubeconfig('', own())
  const only = own({ entries: [entry('prod@operator')], clusterId: 'prod' })
  expect(load(mergeKubeconfig(once, only)).contexts.map(({ name }) => name)).toEqual([
    'gatehouse-test@admin',
    'gatehouse-prod@operator',
  ])
})

test('a context works in an allowed namespace, the chosen one where it still is', () => {
  const once = mergeKubeconfig('', own())
  expect(load(once).getContextObject('gatehouse-prod@viewer')?.namespace).toBe('shop')
  const chosen = once.replace('namespace: "shop"', 'namespace: "no"')
  const again = mergeKubeconfig(chosen, own())
  expect(load(again).getContextObject('gatehouse-prod@viewer')?.namespace).toBe('no')
  const moved = mergeKubeconfig(again, own({ entries: [entry('prod@viewer', ['123'])] }))
  expect(moved).toContain('namespace: "123"')
})

test('a context of the same name that leads elsewhere is not overwritten', () => {
  const elsewhere = mergeKubeconfig('', own()).replaceAll(address, 'https://evil.test')
  expect(() => mergeKubeconfig(elsewhere, own())).toThrow('another gatehouse-prod@viewer')
  const neighbour = mergeKubeconfig('', own()).replaceAll(address, `${address}0`)
  expect(() => mergeKubeconfig(neighbour, own())).toThrow('another gatehouse-prod@viewer')
})

test.each(['a: [', 'just text', 'kind: Deployment', 'clusters: {}', '---\na: 1\n---\nb: 2\n'])(
  'what is not a kubeconfig (%j) is refused',
  (text) => {
    expect(() => mergeKubeconfig(text, own())).toThrow(/kubeconfig|is not a list/)
  },
)

test('a kubeconfig that is JSON or has empty lists is merged too', () => {
  const empty = '{"apiVersion":"v1","kind":"Config","clusters":[],"contexts":null,"users":[]}'
  const config = load(mergeKubeconfig(empty, own()))
  expect(config.contexts).toHaveLength(2)
  expect(config.clusters).toHaveLength(2)
})
