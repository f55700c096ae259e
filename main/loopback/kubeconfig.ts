import type { Place } from '#gateway/place.ts'

export interface KubeconfigOptions {
  readonly place: Place
  readonly server: string
  readonly caPem: string
  readonly token: string
  readonly namespace: string | undefined
}

/** One context and no other. Written as JSON, which every reader of YAML reads and which cannot be misquoted. */
export function kubeconfigText(options: KubeconfigOptions): string {
  const { place, server, caPem, token, namespace } = options
  const name = `${place.cluster}@${place.profile}`
  const authority = Buffer.from(caPem).toString('base64')
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
  })
}
