import { writeFile } from 'node:fs/promises'

export interface KubeconfigParts {
  readonly address: string
  /** A file, or the certificate itself. */
  readonly ca: { readonly file: string } | { readonly pem: string }
  readonly user:
    { readonly token: string } | { readonly certFile: string; readonly keyFile: string }
  readonly namespace?: string
}

/** JSON is YAML, so no writer of YAML is needed. */
export function kubeconfigText({ address, ca, user, namespace }: KubeconfigParts): string {
  const trust =
    'file' in ca
      ? { 'certificate-authority': ca.file }
      : { 'certificate-authority-data': Buffer.from(ca.pem).toString('base64') }
  const credential =
    'token' in user
      ? { token: user.token }
      : { 'client-certificate': user.certFile, 'client-key': user.keyFile }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster: { server: address, ...trust } }],
    users: [{ name: 'user', user: credential }],
    contexts: [
      {
        name: 'cluster',
        context: { cluster: 'cluster', user: 'user', ...(namespace && { namespace }) },
      },
    ],
    'current-context': 'cluster',
  }
  return `${JSON.stringify(config, undefined, 2)}\n`
}

export const writeKubeconfig = (path: string, parts: KubeconfigParts) =>
  writeFile(path, kubeconfigText(parts), { mode: 0o600 })
