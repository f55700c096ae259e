import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createAuthority, createTokenKeys } from './certificates.ts'

/** The name that is on the API server's certificate besides its address. */
export const serverName = 'kubernetes.default.svc'

/** Every key of the control plane, one file each, made once per folder. */
const made = {
  ca: 'ca',
  frontProxyCa: 'front-proxy-ca',
  apiServer: 'apiserver',
  kubeletClient: 'apiserver-kubelet-client',
  frontProxy: 'front-proxy-client',
  manager: 'controller-manager',
  scheduler: 'scheduler',
  simulator: 'simulator',
  kubelet: 'kubelet',
  node: 'node-serving',
} as const

export interface Credentials {
  readonly caPem: string
  readonly adminToken: string
  cert(of: keyof typeof made): string
  key(of: keyof typeof made): string
  readonly tokenKeys: { readonly private: string; readonly public: string }
  readonly tokens: string
}

/** Reads the credentials below a folder, or makes them there. */
export async function openCredentials(folder: string, nodeName: string): Promise<Credentials> {
  if (!existsSync(folder)) await create(folder, nodeName)
  return {
    caPem: await readFile(join(folder, 'ca.crt'), 'utf8'),
    adminToken: (await readFile(join(folder, 'tokens.csv'), 'utf8')).split(',')[0] ?? '',
    cert: (of) => join(folder, `${made[of]}.crt`),
    key: (of) => join(folder, `${made[of]}.key`),
    tokenKeys: { private: join(folder, 'tokens.key'), public: join(folder, 'tokens.pub') },
    tokens: join(folder, 'tokens.csv'),
  }
}

async function create(folder: string, nodeName: string): Promise<void> {
  // Filled beside its place, so that a crash leaves no half of it.
  const partial = `${folder}.partial-${process.pid}`
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
  await mkdir(partial, { mode: 0o700 })
  const ca = await createAuthority('gatehouse cluster')
  const frontProxyCa = await createAuthority('gatehouse cluster front proxy')
  const tokenKeys = createTokenKeys()
  const here = ['127.0.0.1', 'localhost']
  const inside = ['kubernetes', 'kubernetes.default', serverName, `${serverName}.cluster.local`]
  const pairs = {
    ca,
    frontProxyCa,
    apiServer: await ca.server('kube-apiserver', [...here, '10.96.0.1', ...inside]),
    kubeletClient: await ca.client('kube-apiserver-kubelet-client', ['system:masters']),
    frontProxy: await frontProxyCa.client('front-proxy-client'),
    manager: await ca.client('system:kube-controller-manager'),
    scheduler: await ca.client('system:kube-scheduler'),
    simulator: await ca.client('gatehouse-simulator', ['system:masters']),
    kubelet: await ca.client(`system:node:${nodeName}`, ['system:nodes']),
    node: await ca.server(nodeName, [...here, nodeName]),
  }
  const files: [string, string][] = [
    ['tokens.key', tokenKeys.privatePem],
    ['tokens.pub', tokenKeys.publicPem],
    ['tokens.csv', `${randomBytes(24).toString('base64url')},admin,admin,"system:masters"\n`],
  ]
  for (const [of, name] of Object.entries(made)) {
    const pair = pairs[of as keyof typeof made]
    files.push([`${name}.crt`, pair.certPem], [`${name}.key`, pair.keyPem])
  }
  for (const [name, text] of files) await writeFile(join(partial, name), text, { mode: 0o600 })
  await rename(partial, folder)
}
