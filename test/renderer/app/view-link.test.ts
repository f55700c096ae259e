import { expect, test } from 'vitest'
import { parseHash } from '../../../renderer/app/route-text.ts'
import { terminalPlace } from '../../../renderer/app/terminal-place.ts'
import { viewLink } from '../../../renderer/app/view-link.ts'

const hash = '/c/dev@viewer/apps/v1/deployments?ns=a,b&q=web+1&open=a/web&tab=yaml'

test('a link for a colleague is the view below the gateway’s own address, never the app’s', () => {
  const link = viewLink('https://gateway.test:8443', parseHash(hash))
  expect(link).toBe(`https://gateway.test:8443/#${hash}`)
  expect(viewLink('https://gateway.test/', parseHash('/'))).toBe('https://gateway.test/#/')
  expect(parseHash(new URL(link).hash.slice(1))).toEqual(parseHash(hash))
})

test('a link holds nothing that could end it, whatever somebody has typed into a filter', () => {
  const route = parseHash(`/c/dev@viewer/core/v1/pods?q=${encodeURIComponent('a b&open=x#"<')}`)
  const link = new URL(viewLink('https://gateway.test', route))
  expect(link.host).toBe('gateway.test')
  expect(parseHash(link.hash.slice(1))).toEqual(route)
})

const context = {
  clusterId: 'dev',
  clusterName: 'Development',
  profileName: 'viewer',
  path: '/k8s/dev@viewer',
  capabilities: [],
}

test('a local terminal begins in the one namespace that is looked at, else in the only one there is', () => {
  const namespaceAt = (path: string, namespaces?: string[]) =>
    terminalPlace({ ...context, ...(namespaces && { namespaces }) }, parseHash(path)).namespace
  const pods = '/c/dev@viewer/core/v1/pods'
  expect(namespaceAt(`${pods}?ns=web`, ['web', 'shop'])).toBe('web')
  expect(namespaceAt(`${pods}?ns=web,shop`, ['web', 'shop'])).toBeUndefined()
  expect(namespaceAt(pods, ['shop'])).toBe('shop')
  expect(namespaceAt('/c/dev@viewer')).toBeUndefined()
})
