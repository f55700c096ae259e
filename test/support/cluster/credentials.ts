import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeAuthority, type Authority } from './certificates.ts'

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
  const ca = await makeAuthority('gatehouse cluster')
  const frontProxyCa = await makeAuthority('gatehouse cluster front proxy')
  const tokenKeys = createTokenKeys()
  const here = ['127.0.0.1', 'localhost']
  const inside = ['kubernetes', 'kubernetes.default', serverName, `${serverName}.cluster.local`]
  const pairs = {
    ca: pairOf(ca),
    frontProxyCa: pairOf(frontProxyCa),
    apiServer: await ca.certificateFor([...here, '10.96.0.1', ...inside], {
      name: 'kube-apiserver',
    }),
    kubeletClient: await ca.clientCertificate('kube-apiserver-kubelet-client', ['system:masters']),
    frontProxy: await frontProxyCa.clientCertificate('front-proxy-client'),
    manager: await ca.clientCertificate('system:kube-controller-manager'),
    scheduler: await ca.clientCertificate('system:kube-scheduler'),
    simulator: await ca.clientCertificate('gatehouse-simulator', ['system:masters']),
    kubelet: await ca.clientCertificate(`system:node:${nodeName}`, ['system:nodes']),
    node: await ca.certificateFor([...here, nodeName], { name: nodeName }),
  }
  const files: [string, string][] = [
    ['tokens.key', tokenKeys.privatePem],
    ['tokens.pub', tokenKeys.publicPem],
    ['tokens.csv', `${randomBytes(24).toString('base64url')},admin,admin,"system:masters"\n`],
  ]
  for (const [of, name] of Object.entries(made)) {
    const pair = pairs[of as keyof typeof made]
    files.push([`${name}.crt`, pair.certificatePem], [`${name}.key`, pair.keyPem])
  }
  for (const [name, text] of files) await writeFile(join(partial, name), text, { mode: 0o600 })
  await rename(partial, folder)
}

const pairOf = ({ caPem, caKeyPem }: Authority) => ({ certificatePem: caPem, keyPem: caKeyPem })

/** The keys that sign and check service account tokens. */
function createTokenKeys(): { privatePem: string; publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { privatePem: privateKey, publicPem: publicKey }
}
