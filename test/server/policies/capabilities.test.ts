import { expect, test } from 'vitest'
import { Capability } from '../../../server/contract/grants.ts'
import { capabilities, capabilityOf } from '../../../server/policies/capabilities.ts'
import { requestInfo } from '../../../server/proxy/request-info.ts'

const needs = (method: string, path: string) => capabilityOf(requestInfo(method, path, ''))
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

// kubernetes#78741, nodes/proxy GET RCE, S3-T16: a WebSocket exec is a GET.
const rows: readonly (readonly [string, Capability])[] = [
  ['/api/v1/namespaces/a/pods/p/exec', 'exec'],
  ['/api/v1/namespaces/a/pods/p/attach', 'attach'],
  ['/api/v1/namespaces/a/pods/p/portforward', 'port-forward'],
  ['/api/v1/namespaces/a/pods/p/ephemeralcontainers', 'debug'],
  ['/api/v1/namespaces/a/pods/p/proxy', 'proxy'],
  ['/api/v1/namespaces/a/services/s/proxy/x/y', 'proxy'],
  ['/api/v1/nodes/n/proxy/exec/ns/p/c', 'proxy'],
  ['/api/v1/proxy/namespaces/a/pods/p', 'proxy'],
  ['/api/v1/proxy/nodes/n', 'proxy'],
  [
    '/apis/subresources.kubevirt.io/v1/namespaces/a/virtualmachineinstances/v/portforward',
    'port-forward',
  ],
  ['/api/v1/namespaces/a/serviceaccounts/sa/token', 'service-account-token'],
  ['/api/v1/secrets', 'secrets'],
  ['/api/v1/namespaces/a/secrets/s', 'secrets'],
  ['/api/v1/watch/namespaces/a/secrets', 'secrets'],
  ['/apis/certificates.k8s.io/v1/certificatesigningrequests/c/approval', 'certificate-approval'],
  ['/apis/certificates.k8s.io/v1beta1/certificatesigningrequests/c/status', 'certificate-approval'],
  ['/apis/certificates.k8s.io/v1/signers/example.com:x', 'certificate-approval'],
]

test.each(rows)('%s needs %s, whatever the method', (path, capability) => {
  for (const method of methods) expect(needs(method, path)).toBe(capability)
})

test('plain objects need none', () => {
  const paths = [
    '/api/v1/namespaces/a/pods/p',
    '/api/v1/namespaces/a/pods/p/log',
    '/api/v1/namespaces/secrets/pods',
    '/api/v1/namespaces/a/configmaps/secrets',
    '/api/v1/namespaces/a/serviceaccounts/token',
    '/apis/certificates.k8s.io/v1/certificatesigningrequests/approval',
    '/apis/apps/v1/namespaces/a/deployments/d/status',
    '/apis/external.io/v1/namespaces/a/secrets/s',
    '/version',
  ]
  for (const path of paths)
    for (const method of methods) expect(needs(method, path), path).toBeUndefined()
})

test('the list holds every capability of the contract', () => {
  expect(capabilities).toEqual(Capability.options)
})
