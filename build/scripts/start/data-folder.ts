import { generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createKeyFile } from '../../../server/models/key-source.ts'
import { makeAuthority } from '../../../test/support/cluster/certificates.ts'

/** The files that a gateway needs and that nobody else may read. */
export interface DataFolder {
  readonly path: string
  /** The settings that name these files. */
  readonly environment: Readonly<Record<string, string>>
  readonly caFile: string
  readonly certificateFile: string
  /** What was made just now; empty at a second start. */
  readonly made: readonly string[]
}

/** Makes what is missing: a sealing key, two signing keys, a certificate under an authority of its own. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
  const file = (name: string) => join(path, name)
  const made: string[] = []
  if (!existsSync(file('sealing-keys.json'))) {
    createKeyFile(file('sealing-keys.json'))
    made.push('sealing-keys.json')
  }
  for (const name of ['session-key.pem', 'audit-key.pem']) {
    if (existsSync(file(name))) continue
    await writeSecret(file(name), signingKey())
    made.push(name)
  }
  if (!existsSync(file('certificate.pem'))) {
    await makeCertificate(file)
    made.push('certificate.pem', 'certificate-key.pem', 'ca.pem')
  }
  return {
    path,
    caFile: file('ca.pem'),
    certificateFile: file('certificate.pem'),
    made,
    environment: {
      GATEHOUSE_DATA: path,
      GATEHOUSE_SEALING_KEYS_FILE: file('sealing-keys.json'),
      GATEHOUSE_SIGNING_KEY_FILE: file('session-key.pem'),
      GATEHOUSE_AUDIT_KEY_FILE: file('audit-key.pem'),
      GATEHOUSE_CERTIFICATE_FILE: file('certificate.pem'),
      GATEHOUSE_KEY_FILE: file('certificate-key.pem'),
      GATEHOUSE_CA_FILE: file('ca.pem'),
    },
  }
}

const signingKey = () =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The authority signs this one certificate and its key is then forgotten: nobody can sign another. */
async function makeCertificate(file: (name: string) => string): Promise<void> {
  const authority = await makeAuthority('Gatehouse on this machine')
  const names = ['localhost', '127.0.0.1', '::1']
  const { certificatePem, keyPem } = await authority.certificateFor(names, { name: 'gatehouse' })
  await writeSecret(file('certificate-key.pem'), keyPem)
  await writeSecret(file('ca.pem'), authority.caPem)
  await writeSecret(file('certificate.pem'), certificatePem)
}

const writeSecret = (path: string, text: string) =>
  writeFile(path, text, { mode: 0o600, flag: 'wx' })
