import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import type { AdminApi } from './admin-api.ts'
import { createAdminApi } from './admin-api.ts'
import { importAgnhost } from './node-images.ts'
import type { Parts } from './part-list.ts'
import { until } from './readiness.ts'

/** What another process needs to use a running cluster; plain data, so it passes between processes. */
export interface ClusterHandle {
  readonly address: string
  readonly caPem: string
  readonly serverName: string
  readonly adminToken: string
  readonly adminKubeconfig: string
  readonly auditLog: string | undefined
  readonly parts: Parts<'kubectl' | 'agnhost'>
  /** The containerd of the real node, when there is one. */
  readonly containerdSocket: string | undefined
}

export interface Command {
  readonly stdin?: string | Buffer
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: AbortSignal
  /** Another identity than the admin's. */
  readonly kubeconfig?: string
}

export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Namespace {
  readonly name: string
  /** Asks for its removal; the cluster finishes it in its own time. */
  remove(): Promise<void>
}

export interface TokenOptions {
  /** Bound over the whole cluster. */
  readonly clusterRole?: string
  /** Bound in the account's own namespace only. */
  readonly role?: { readonly clusterRole: string }
  readonly expirationSeconds?: number
}

export interface ClusterClient {
  readonly handle: ClusterHandle
  readonly api: AdminApi
  /** Runs the kubectl that was built with the cluster. */
  kubectl(args: readonly string[], command?: Command): Promise<CommandResult>
  /** As `kubectl`, but its output, and an exit code other than 0 is thrown. */
  kubectlOutput(args: readonly string[], command?: Command): Promise<string>
  /** A fresh namespace whose default service account exists, so that pods can be made at once. */
  namespace(prefix: string): Promise<Namespace>
  /** Makes a service account, binds it, and asks for a token of it. */
  serviceAccountToken(namespace: string, name: string, options?: TokenOptions): Promise<string>
  /** Waits for a pod's state by watching it through kubectl. */
  waitForPod(namespace: string, name: string, condition?: string): Promise<void>
  importAgnhost(version: string): Promise<string>
}

export function connectCluster(handle: ClusterHandle): ClusterClient {
  const api = createAdminApi(handle)

  async function kubectl(args: readonly string[], command: Command = {}): Promise<CommandResult> {
    const { stdin, env, signal, kubeconfig = handle.adminKubeconfig } = command
    const child = spawn(handle.parts.kubectl, args, {
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', KUBECONFIG: kubeconfig, ...env },
      ...(signal && { signal }),
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    // A command that does not read its input may end before all of it is written.
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
  }

  async function kubectlOutput(args: readonly string[], command?: Command): Promise<string> {
    const { code, stdout, stderr } = await kubectl(args, command)
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`)
    return stdout
  }

  async function namespace(prefix: string): Promise<Namespace> {
    const name = `${prefix}-${randomBytes(4).toString('hex')}`
    await api.want('/api/v1/namespaces', { method: 'POST', body: { metadata: { name } } })
    const account = `/api/v1/namespaces/${name}/serviceaccounts/default`
    await until(
      { what: `The default account of ${name}`, withinMs: 20_000, everyMs: 20 },
      async () => ((await api.call(account)).status === 200 ? true : undefined),
    )
    return {
      name,
      remove: async () => {
        await api.want(`/api/v1/namespaces/${name}`, { method: 'DELETE' })
      },
    }
  }

  async function bind(namespace: string, name: string, options: TokenOptions): Promise<void> {
    const rbac = '/apis/rbac.authorization.k8s.io/v1'
    const subjects = [{ kind: 'ServiceAccount', namespace, name }]
    const metadata = { name: `${namespace}-${name}` }
    const roleRef = (role: string) => ({
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: role,
    })
    const { clusterRole, role } = options
    if (clusterRole)
      await api.want(`${rbac}/clusterrolebindings`, {
        method: 'POST',
        body: { metadata, subjects, roleRef: roleRef(clusterRole) },
      })
    if (role)
      await api.want(`${rbac}/namespaces/${namespace}/rolebindings`, {
        method: 'POST',
        body: { metadata, subjects, roleRef: roleRef(role.clusterRole) },
      })
  }

  async function serviceAccountToken(namespace: string, name: string, options: TokenOptions = {}) {
    const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`
    await api.want(accounts, { method: 'POST', body: { metadata: { name } } })
    await bind(namespace, name, options)
    const { expirationSeconds = 3600 } = options
    const { status } = await api.want<{ status: { token: string } }>(`${accounts}/${name}/token`, {
      method: 'POST',
      body: { spec: { expirationSeconds } },
    })
    return status.token
  }

  async function waitForPod(namespace: string, name: string, condition = 'condition=Ready') {
    await kubectlOutput([
      '-n',
      namespace,
      'wait',
      `pod/${name}`,
      `--for=${condition}`,
      '--timeout=60s',
    ])
  }

  return {
    handle,
    api,
    kubectl,
    kubectlOutput,
    namespace,
    serviceAccountToken,
    waitForPod,
    async importAgnhost(version) {
      const { containerdSocket: socket, parts } = handle
      if (socket === undefined) throw new Error('Images can be imported on a real node only')
      return importAgnhost({ socket, version }, parts)
    },
  }
}
