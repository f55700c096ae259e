import { expect, test } from 'vitest'
import { parseAddress } from '../../../server/proxy/upstream/address.ts'
import { createGuard } from '../../../server/proxy/upstream/lookup.ts'
import { parseProxy } from '../../../server/proxy/upstream/proxy-address.ts'

const guardOf = (options: { allow?: string[]; ips?: readonly string[]; own?: number[] } = {}) =>
  createGuard({
    allow: options.allow ?? [],
    ownPorts: () => options.own ?? [],
    resolve: () => Promise.resolve(options.ips ?? []),
  })

test('an address is read by its own grammar and kept as it was written', () => {
  expect(parseAddress('https://K8s.example:6443/prefix/a/')).toEqual({
    status: 'ok',
    address: {
      hostname: 'k8s.example',
      port: 6443,
      host: 'k8s.example:6443',
      basePath: '/prefix/a',
    },
  })
  expect(parseAddress('https://[2001:db8::1]')).toMatchObject({
    address: { hostname: '2001:db8::1', port: 443, host: '[2001:db8::1]', basePath: '' },
  })
})

test.each([
  'http://k8s.example',
  'https://user:pass@k8s.example',
  'https://user@k8s.example',
  'https://k8s.example?x',
  'https://k8s.example#x',
  'https://k8s.example/a/../b',
  'https://k8s.example//evil.example',
  'https://k8s.example/%2e%2e/b',
  'https://k8s.example\\evil.example',
  'https://k8s.example:0',
  'https://k8s.example:65536',
  'https://k8s.example:',
  'https://2130706433',
  'https://0x7f000001',
  'https://0x7f.1',
  'https://0177.0.0.1',
  'https://127.1',
  'https://127.0.0.1.',
  'https://[::1%25lo]',
  'https://[fe80::1%lo]',
  'https://[127.0.0.1]',
  'https://１２７.0.0.1',
  'https://exa mple',
  'https://-k8s.example',
  'https://',
  'https:///k8s.example',
  '\thttps://k8s.example',
  'https://k8s.example\n',
])('the address %j is refused', (text) => {
  expect(parseAddress(text).status).toBe('refused')
})

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '::1',
  '0.0.0.0',
  '::',
  '169.254.169.254',
  '169.254.1.1',
  '100.100.100.200',
  '168.63.129.16',
  'fd00:ec2::254',
  'fe80::1',
  '224.0.0.1',
  '255.255.255.255',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b::127.0.0.1',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '::ffff:0:127.0.0.1',
])('%s is connected to neither as written nor behind a name', async (ip) => {
  await expect(guardOf().addresses(ip, 6443)).rejects.toMatchObject({ stage: 'address' })
  const behindName = guardOf({ ips: ['192.0.2.10', ip] }).addresses('k8s.example', 6443)
  await expect(behindName).rejects.toMatchObject({ stage: 'address' })
})

test.each([
  '10.0.0.1',
  '172.16.5.5',
  '192.168.1.1',
  '100.64.0.1',
  'fd12::1',
  '203.0.113.9',
  '64:ff9b::cb00:7109',
])('the private or public address %s is open', async (ip) => {
  await expect(guardOf().addresses(ip, 6443)).resolves.toEqual([ip])
})

test('a closed address opens for exactly the listed host and port', async () => {
  const guard = guardOf({ allow: ['127.0.0.1:6443', 'Local.example:7000'], ips: ['127.0.0.1'] })
  await expect(guard.addresses('127.0.0.1', 6443)).resolves.toEqual(['127.0.0.1'])
  await expect(guard.addresses('other.example', 6443)).resolves.toEqual(['127.0.0.1'])
  await expect(guard.addresses('local.example', 7000)).resolves.toEqual(['127.0.0.1'])
  await expect(guard.addresses('127.0.0.1', 6444)).rejects.toMatchObject({ stage: 'address' })
  await expect(guard.addresses('local.example', 7001)).rejects.toMatchObject({ stage: 'address' })
})

test('a name that is not known is a failure of the name, not of the address', async () => {
  await expect(guardOf().addresses('nowhere.example', 443)).rejects.toMatchObject({ stage: 'dns' })
})

test('a proxy keeps its password apart from what may be shown', () => {
  expect(parseProxy('http://user:p%40ss@proxy.example:3128')).toEqual({
    status: 'ok',
    proxy: {
      hostname: 'proxy.example',
      port: 3128,
      host: 'proxy.example:3128',
      secure: false,
      authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    },
  })
  expect(parseProxy('socks5://proxy.example:1080').status).toBe('refused')
  expect(parseProxy('http://0x7f000001:3128').status).toBe('refused')
  expect(parseProxy('http://u:%zz@proxy.example').status).toBe('refused')
})
