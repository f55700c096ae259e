import { readFile, rm, writeFile } from 'node:fs/promises'
import type { AdminApi } from './admin-api.ts'
import { createAdminApi } from './admin-api.ts'
import type { Credentials } from './credentials.ts'
import { openCredentials, serverName } from './credentials.ts'
import { protectHost } from './host-protection.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import type { Parts } from './part-list.ts'
import { startOnPort } from './ports.ts'
import { until } from './readiness.ts'
import type { Part, Run } from './run.ts'

export interface ControlPlaneOptions {
  readonly run: Run
  readonly parts: Parts<'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler'>
  readonly nodeName: string
  /** The data must survive a crash of the machine; a test's need not. */
  readonly durable: boolean
  /** Writes the cluster's own audit log, one JSON event a line. */
  readonly audit: boolean
  /** No pod gets at the machine, whoever makes it. */
  readonly protectHost: boolean
}

export interface ControlPlane {
  readonly address: string
  readonly caPem: string
  readonly serverName: string
  readonly adminToken: string
  /** A kubeconfig file of the admin. */
  readonly adminKubeconfig: string
  readonly auditLog: string | undefined
  readonly credentials: Credentials
  readonly api: AdminApi
  /** Ends the API server at once and leaves it dead, as an outage would. */
  killApiServer(): Promise<void>
  /** Starts it (again) on the same address. */
  restartApiServer(): Promise<void>
}

export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { run } = options
  const credentials = await openCredentials(run.path('credentials'), options.nodeName)
  startEtcd(options)
  if (options.audit) await writeFile(run.path('audit-policy.json'), JSON.stringify(auditPolicy))

  let server = await startOnPort(
    (port) => startApiServer(options, credentials, port),
    await earlierPort(run),
  )
  const { address, port } = server
  await writeFile(run.path('port'), String(port), { mode: 0o600 })
  const { caPem, adminToken } = credentials
  const adminKubeconfig = run.path('admin.kubeconfig')
  await writeKubeconfig(adminKubeconfig, {
    address,
    ca: { pem: caPem },
    user: { token: adminToken },
  })
  await startControllers(options, credentials, address)

  return {
    address,
    caPem,
    serverName,
    adminToken,
    adminKubeconfig,
    auditLog: options.audit ? run.path('audit.log') : undefined,
    credentials,
    api: server.api,
    killApiServer: () => server.part.kill(),
    async restartApiServer() {
      await server.part.kill()
      server = await startApiServer(options, credentials, port)
    },
  }
}

/**
 * etcd asks nobody who they are, so it listens on sockets in the run's own folder, where only this user comes.
 * The odd names are what its flags accept as a path relative to that folder.
 */
const etcdSocket = 'unix://etcd-client:0'
const etcdPeerSocket = 'unix://etcd-peer:0'

function startEtcd({ run, parts, durable }: ControlPlaneOptions): Part {
  return run.start('etcd', parts.etcd, {
    signal: durable ? 'SIGTERM' : 'SIGKILL',
    args: [
      '--data-dir=etcd',
      '--log-level=warn',
      `--listen-client-urls=${etcdSocket}`,
      `--advertise-client-urls=${etcdSocket}`,
      `--listen-peer-urls=${etcdPeerSocket}`,
      `--initial-advertise-peer-urls=${etcdPeerSocket}`,
      `--initial-cluster=default=${etcdPeerSocket}`,
      // Its usual two gigabytes are spent by the bench, which changes thousands of objects a second.
      `--quota-backend-bytes=${8 * 1024 ** 3}`,
      ...(durable ? ['--auto-compaction-retention=1h'] : ['--unsafe-no-fsync']),
    ],
  })
}

async function startApiServer(options: ControlPlaneOptions, its: Credentials, port: number) {
  const { run, parts } = options
  const address = `https://127.0.0.1:${port}`
  const part = run.start('kube-apiserver', parts['kube-apiserver'], {
    args: [
      `--etcd-servers=${etcdSocket}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--tls-cert-file=${its.cert('apiServer')}`,
      `--tls-private-key-file=${its.key('apiServer')}`,
      `--client-ca-file=${its.cert('ca')}`,
      `--token-auth-file=${its.tokens}`,
      '--anonymous-auth=true',
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--service-cluster-ip-range=10.96.0.0/16',
      // The one endpoint would be 127.0.0.1, which no pod could use.
      '--endpoint-reconciler-type=none',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${its.tokenKeys.public}`,
      `--service-account-signing-key-file=${its.tokenKeys.private}`,
      `--kubelet-certificate-authority=${its.cert('ca')}`,
      `--kubelet-client-certificate=${its.cert('kubeletClient')}`,
      `--kubelet-client-key=${its.key('kubeletClient')}`,
      '--kubelet-preferred-address-types=InternalIP',
      `--requestheader-client-ca-file=${its.cert('frontProxyCa')}`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${its.cert('frontProxy')}`,
      `--proxy-client-key-file=${its.key('frontProxy')}`,
      '--enable-aggregator-routing=true',
      '--profiling=false',
      ...(options.protectHost ? await protectHost(run.path('admission')) : ['--allow-privileged']),
      ...(options.audit
        ? [
            '--audit-policy-file=audit-policy.json',
            '--audit-log-path=audit.log',
            '--audit-log-mode=blocking',
          ]
        : []),
    ],
  })
  const api = createAdminApi({ address, caPem: its.caPem, adminToken: its.adminToken })
  await until({ what: 'The API server', withinMs: 60_000, part }, async () => {
    const answer = await api.call('/readyz')
    return answer.status === 200 || undefined
  })
  return { part, api, address, port }
}

async function startControllers(options: ControlPlaneOptions, its: Credentials, address: string) {
  const { run, parts } = options
  const ca = { file: its.cert('ca') }
  for (const who of ['manager', 'scheduler'] as const)
    await writeKubeconfig(run.path(`${who}.kubeconfig`), {
      address,
      ca,
      user: { certFile: its.cert(who), keyFile: its.key(who) },
    })
  run.start('kube-controller-manager', parts['kube-controller-manager'], {
    args: [
      '--kubeconfig=manager.kubeconfig',
      // It is asked nothing over the network, so it opens no port.
      '--secure-port=0',
      '--leader-elect=false',
      '--use-service-account-credentials',
      `--service-account-private-key-file=${its.tokenKeys.private}`,
      `--root-ca-file=${its.cert('ca')}`,
      `--cluster-signing-cert-file=${its.cert('ca')}`,
      `--cluster-signing-key-file=${its.key('ca')}`,
      '--kube-api-qps=300',
      '--kube-api-burst=600',
    ],
  })
  run.start('kube-scheduler', parts['kube-scheduler'], {
    args: [
      '--kubeconfig=scheduler.kubeconfig',
      '--secure-port=0',
      '--leader-elect=false',
      '--kube-api-qps=300',
      '--kube-api-burst=600',
    ],
  })
}

/** A cluster that is kept is found again under its old address when its port is still free. */
async function earlierPort(run: Run): Promise<number | undefined> {
  const text = await readFile(run.path('port'), 'utf8').catch(() => '')
  await rm(run.path('port'), { force: true })
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined
}

const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
}
