import 'reflect-metadata'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import { KeyObject } from 'node:crypto'
import type { CertificatePair } from './cluster/certificates.ts'
import type { ClusterClient } from './cluster/client.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A client certificate of a cluster administrator, signed by the cluster itself on request. */
export async function clientCertificate(
  { api }: ClusterClient,
  name: string,
): Promise<CertificatePair> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
  })
  const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
  const made = await api.want<Record<string, unknown>>(requests, {
    method: 'POST',
    body: {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name },
      spec: {
        request: Buffer.from(request.toString('pem')).toString('base64'),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
      },
    },
  })
  await api.want(`${requests}/${name}/approval`, {
    method: 'PUT',
    body: {
      ...made,
      status: { conditions: [{ type: 'Approved', status: 'True', reason: 'Test' }] },
    },
  })
  await api.want('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    method: 'POST',
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'cluster-admin',
      },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }],
    },
  })
  const certificatePem = await signed(() =>
    api.want<{ status: { certificate?: string } }>(`${requests}/${name}`),
  )
  return {
    certificatePem,
    keyPem: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

async function signed(read: () => Promise<{ status: { certificate?: string } }>): Promise<string> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline;) {
    const { certificate } = (await read()).status
    if (certificate) return Buffer.from(certificate, 'base64').toString('utf8')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The certificate was not signed')
}
