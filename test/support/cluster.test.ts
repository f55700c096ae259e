import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { findGo, moduleProxies } from './cluster/go-toolchain.ts'
import type { Cluster } from './cluster/index.ts'
import { startCluster } from './cluster/index.ts'
import { hostPolicies } from './cluster/host-protection.ts'
import { simulatedNode } from './cluster/kwok.ts'
import { simulatedState } from './cluster/kwok-stages.ts'
import { realNode } from './cluster/node.ts'
import { busyboxImage } from './cluster/node-images.ts'
import { findParts } from './cluster/parts.ts'
import { end, identify, isAlive } from './cluster/process-identity.ts'
import { until } from './cluster/readiness.ts'
import type { RunRecord } from './cluster/run-record.ts'
import { readRecord } from './cluster/run-record.ts'
import { sweepDeadRuns } from './cluster/sweep.ts'

// The real node needs Linux and root. In CI it must run, so there its absence is a failure.
const hasNode = (process.platform === 'linux' && process.getuid?.() === 0) || !!process.env['CI']

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ node: hasNode, kwokNodes: 1, hostExec: true, audit: true })
}, 900_000)
afterAll(async () => {
  await cluster?.stop()
})

interface PodOptions {
  readonly on: Readonly<Record<string, string>>
  readonly command?: readonly string[]
  readonly annotations?: Readonly<Record<string, string>>
  readonly readyPort?: number
}

async function createPod(namespace: string, name: string, options: PodOptions): Promise<void> {
  const { on, command, annotations, readyPort } = options
  await cluster.api.want(`/api/v1/namespaces/${namespace}/pods`, {
    method: 'POST',
    body: {
      metadata: { name, annotations },
      spec: {
        nodeSelector: on,
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'main',
            image: busyboxImage,
            imagePullPolicy: 'Never',
            command,
            ...(readyPort && {
              readinessProbe: { tcpSocket: { port: readyPort }, periodSeconds: 1 },
            }),
          },
        ],
      },
    },
  })
}

describe('the control plane', () => {
  test('is Kubernetes 1.36.3, and its kubectl too', async () => {
    const version = await cluster.api.want<{ gitVersion: string }>('/version')
    const client = await cluster.kubectlOutput(['version', '--client', '-o', 'json'])
    expect(version.gitVersion).toBe('v1.36.3')
    expect(JSON.parse(client)).toMatchObject({ clientVersion: { gitVersion: 'v1.36.3' } })
  })

  test('gives a service account a token that may do what it is bound to and nothing more', async () => {
    const { name: namespace } = await cluster.namespace('tokens')
    const role = { clusterRole: 'view' }
    const token = await cluster.serviceAccountToken(namespace, 'reader', { role })
    const pods = await cluster.api.call(`/api/v1/namespaces/${namespace}/pods`, { token })
    const secrets = await cluster.api.call(`/api/v1/namespaces/${namespace}/secrets`, { token })
    const elsewhere = await cluster.api.call('/api/v1/namespaces/default/pods', { token })
    expect([pods.status, secrets.status, elsewhere.status]).toEqual([200, 403, 403])
  })

  test('lets in nobody who shows no token', async () => {
    const answer = await cluster.api.call('/api/v1/namespaces', { token: 'guessed' })
    expect(answer.status).toBe(401)
  })

  test('writes its own audit log', async () => {
    const { name } = await cluster.namespace('audited')
    const log = await readFile(cluster.handle.auditLog ?? '', 'utf8')
    expect(log).toContain(`"requestURI":"/api/v1/namespaces/${name}/serviceaccounts/default"`)
  })
})

describe('a simulated pod', () => {
  test('runs, shows its log, and its exec is a process of nobody', async () => {
    const { name: namespace } = await cluster.namespace('simulated')
    await createPod(namespace, 'one', { on: simulatedNode })
    await cluster.waitForPod(namespace, 'one')
    const log = await cluster.kubectlOutput(['-n', namespace, 'logs', 'one'])
    const id = await cluster.kubectlOutput(['-n', namespace, 'exec', 'one', '--', 'id', '-u'])
    expect(log).toContain('simulated')
    if (process.getuid?.() === 0) expect(id.trim()).toBe('65534')
  })

  test('shows a state that needs attention when it is asked to', async () => {
    const { name: namespace } = await cluster.namespace('simulated')
    await createPod(namespace, 'bad', {
      on: simulatedNode,
      annotations: { [simulatedState]: 'crash-loop' },
    })
    const reason = '{.status.containerStatuses[0].state.waiting.reason}'
    await cluster.waitForPod(namespace, 'bad', `jsonpath=${reason}=CrashLoopBackOff`)
    const pods = await cluster.kubectlOutput(['-n', namespace, 'get', 'pods'])
    expect(pods).toMatch(/bad\s+0\/1\s+CrashLoopBackOff\s+7/)
  })

  test('goes at once when it is deleted', async () => {
    const { name: namespace } = await cluster.namespace('simulated')
    await createPod(namespace, 'gone', { on: simulatedNode })
    await cluster.waitForPod(namespace, 'gone')
    await cluster.kubectlOutput(['-n', namespace, 'delete', 'pod', 'gone', '--timeout=20s'])
    expect((await cluster.api.call(`/api/v1/namespaces/${namespace}/pods/gone`)).status).toBe(404)
  })
})

describe.runIf(hasNode)('a pod on the real node', () => {
  let namespace = ''

  beforeAll(async () => {
    namespace = (await cluster.namespace('real')).name
    const serve = 'mkdir /web; echo hello > /web/index.html; exec httpd -f -p 8080 -h /web'
    await createPod(namespace, 'web', {
      on: realNode,
      command: ['sh', '-c', serve],
      readyPort: 8080,
    })
    await createPod(namespace, 'crash', {
      on: realNode,
      command: ['sh', '-c', 'echo last words; exit 7'],
    })
    await cluster.waitForPod(namespace, 'web')
  }, 60_000)

  test('gives the exit code of what is run in it', async () => {
    const { code } = await cluster.kubectl([
      '-n',
      namespace,
      'exec',
      'web',
      '--',
      'sh',
      '-c',
      'exit 3',
    ])
    expect(code).toBe(3)
  })

  test('keeps the log of the run before when it crashes', async () => {
    const again = 'jsonpath={.status.containerStatuses[0].restartCount}=1'
    await cluster.waitForPod(namespace, 'crash', again)
    const log = await cluster.kubectlOutput(['-n', namespace, 'logs', '--previous', 'crash'])
    const exit = '{.status.containerStatuses[0].lastState.terminated.exitCode}'
    const code = await cluster.kubectlOutput([
      '-n',
      namespace,
      'get',
      'pod',
      'crash',
      '-o',
      `jsonpath=${exit}`,
    ])
    expect([log, code]).toEqual(['last words\n', '7'])
  })

  test('answers through a forwarded port', async () => {
    const { kubectl } = cluster.handle.parts
    const forward = spawn(kubectl, ['-n', namespace, 'port-forward', 'pod/web', ':8080'], {
      env: { HOME: '/nonexistent', KUBECONFIG: cluster.handle.adminKubeconfig },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = (await once(createInterface({ input: forward.stdout }), 'line')) as [string]
      const [, port] = /127\.0\.0\.1:(\d+)/.exec(line) ?? []
      const answer = await fetch(`http://127.0.0.1:${port}/`)
      expect(await answer.text()).toBe('hello\n')
    } finally {
      forward.kill()
      await once(forward, 'exit')
    }
  })

  test('takes and gives files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-copy-'))
    try {
      await writeFile(join(folder, 'sent'), 'there and back')
      const copy = (from: string, to: string) =>
        cluster.kubectlOutput(['-n', namespace, 'cp', from, to])
      await copy(join(folder, 'sent'), 'web:/tmp/sent')
      await copy('web:/tmp/sent', join(folder, 'back'))
      expect(await readFile(join(folder, 'back'), 'utf8')).toBe('there and back')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('can be made of the image of the Kubernetes test suite', async () => {
    const image = await cluster.importAgnhost('0.0.0-test')
    const overrides = JSON.stringify({ spec: { nodeSelector: realNode } })
    const how = ['--image', image, '--overrides', overrides, '--', 'pause']
    await cluster.kubectlOutput(['-n', namespace, 'run', 'agnhost', ...how])
    await cluster.waitForPod(namespace, 'agnhost')
    const ran = await cluster.kubectlOutput([
      '-n',
      namespace,
      'exec',
      'agnhost',
      '--',
      '/agnhost',
      '--help',
    ])
    expect(ran).toContain('Usage')
  }, 60_000)
})

describe('a cluster that protects its host', () => {
  let own: Cluster
  let pods = ''

  beforeAll(async () => {
    own = await startCluster({ node: false, kwokNodes: 0, protectHost: true })
    pods = `/api/v1/namespaces/${(await own.namespace('walled')).name}/pods`
  }, 60_000)
  afterAll(async () => {
    await own?.stop()
  })

  const tryPod = (spec: object, container: object = {}) =>
    own.api.call(pods, {
      method: 'POST',
      body: {
        metadata: { generateName: 'p-' },
        spec: { containers: [{ name: 'main', image: 'x', ...container }], ...spec },
      },
    })

  test('refuses its own admin every pod that would get at the machine', async () => {
    const answers = await Promise.all([
      tryPod({ hostPID: true }),
      tryPod({ volumes: [{ name: 'host', hostPath: { path: '/' } }] }),
      tryPod({}, { securityContext: { privileged: true } }),
      tryPod({}, { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }),
      tryPod({
        initContainers: [{ name: 'i', image: 'x', securityContext: { privileged: true } }],
      }),
      tryPod({ securityContext: { seccompProfile: { type: 'Unconfined' } } }),
      tryPod({}, { ports: [{ containerPort: 80, hostPort: 80 }] }),
      tryPod({}, { livenessProbe: { httpGet: { host: '127.0.0.1', port: 80 } } }),
    ])
    expect(answers.map((it) => it.status)).toEqual(answers.map(() => 422))
    const reason = /in this sandbox a pod cannot|disallowed by cluster policy/
    for (const { text } of answers) expect(text).toMatch(reason)
  })

  test('takes ordinary pods, and no volume of the host', async () => {
    const ordinary = await tryPod(
      { volumes: [{ name: 'v', emptyDir: {} }] },
      {
        readinessProbe: { httpGet: { port: 80 } },
        securityContext: { capabilities: { add: ['CHOWN'] } },
      },
    )
    const volume = await own.api.call('/api/v1/persistentvolumes', {
      method: 'POST',
      body: {
        metadata: { name: 'host' },
        spec: {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOnce'],
          hostPath: { path: '/' },
        },
      },
    })
    const { metadata } = ordinary.body as { metadata: { name: string } }
    const security = { capabilities: { add: ['SYS_PTRACE'] } }
    const ephemeralContainers = [{ name: 'debug', image: 'x', securityContext: security }]
    const debugged = await own.api.call(`${pods}/${metadata.name}/ephemeralcontainers`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: { spec: { ephemeralContainers } },
    })
    expect([ordinary.status, volume.status, debugged.status]).toEqual([201, 422, 422])
    expect(debugged.text).toContain('be privileged')
  })

  test('has its rules where nobody can change them', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies'
    const found = await Promise.all(hostPolicies.map((it) => own.api.call(`${path}/${it}`)))
    expect(found.map((it) => it.status)).toEqual([404, 404])
  })
})

describe('the programs', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test('are taken from given assets of the right version only', async () => {
    const assets = await mkdtemp(join(tmpdir(), 'gatehouse-assets-'))
    try {
      vi.stubEnv('KUBEBUILDER_ASSETS', assets)
      const given = join(assets, 'kubectl')
      await writeFile(given, '#!/bin/sh\necho "Client Version: v1.35.0"\n', { mode: 0o755 })
      const other = await findParts(['kubectl'])
      await rm(given)
      await symlink(other.kubectl, given)
      const right = await findParts(['kubectl'])
      expect(other.kubectl).not.toBe(given)
      expect(right.kubectl).toBe(given)
    } finally {
      await rm(assets, { recursive: true })
    }
  })

  test('are never built by a Go toolchain other than the known one', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'gatehouse-cache-'))
    const emptyZip = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)])
    const proxy = createServer((_, answer) => answer.end(emptyZip)).listen(0, '127.0.0.1')
    try {
      await once(proxy, 'listening')
      const { port } = proxy.address() as AddressInfo
      vi.stubEnv('GOPROXY', `http://127.0.0.1:${port}`)
      vi.stubEnv('GATEHOUSE_CACHE', cache)
      vi.stubEnv('PATH', '')
      await expect(findGo(() => {})).rejects.toThrow('not the known h1:')
      expect(await readdir(cache)).toEqual([])
    } finally {
      proxy.close()
      await rm(cache, { recursive: true })
    }
  })

  test('come from the proxies of Go in their order, and never from a repository', () => {
    expect(moduleProxies('')).toEqual([])
    expect(moduleProxies('http://a|http://b,direct,http://c')).toEqual(['http://a', 'http://b'])
    expect(moduleProxies('off')).toEqual([])
  })
})

describe('the end', () => {
  test('a kept cluster has its data and its address after a restart, and runs only once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-kept-'))
    const options = { folder, node: false, kwokNodes: 1 }
    try {
      const first = await startCluster(options)
      const { name } = await first.namespace('kept')
      await expect(startCluster(options)).rejects.toThrow('already running')
      const body = {
        metadata: { name: 'host' },
        spec: { hostPID: true, containers: [{ name: 'main', image: 'x' }] },
      }
      const path = `/api/v1/namespaces/${name}/pods`
      const hostile = await first.api.call(path, { method: 'POST', body })
      await first.stop()
      const second = await startCluster(options)
      const found = await second.api.call(`/api/v1/namespaces/${name}`)
      await second.stop()
      expect([hostile.status, found.status]).toEqual([422, 200])
      expect(second.handle.address).toBe(first.handle.address)
      expect(readRecord(folder)).toBeUndefined()
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 90_000)

  test('an API server that is killed answers nobody until it is restarted', async () => {
    const own = await startCluster({ node: false, kwokNodes: 0 })
    try {
      await own.controlPlane.killApiServer()
      await expect(own.api.call('/version')).rejects.toThrow('ECONNREFUSED')
      await own.controlPlane.restartApiServer()
      expect((await own.api.call('/version')).status).toBe(200)
    } finally {
      await own.stop()
    }
  }, 60_000)

  test('nothing is left of a cluster that was stopped', async () => {
    const own = await startCluster({ node: hasNode, kwokNodes: 1 })
    const held = await holdings(own.folder)
    await own.stop()
    await expectReleased(held, own.folder)
  }, 60_000)

  test('nothing is left of a cluster whose process was killed', async () => {
    const { folder, held, kill } = await startElsewhere()
    await kill()
    const { guard } = held.record
    await until({ what: 'The end of the guard', withinMs: 20_000 }, async () =>
      guard && isAlive(guard) ? undefined : true,
    )
    await expectReleased(held, folder)
  }, 60_000)

  test('what a killed guard could not give back is swept by the next start', async () => {
    const { folder, held, kill } = await startElsewhere()
    if (held.record.guard) end(held.record.guard, 'SIGKILL')
    await kill()
    expect(held.record.parts.every(isAlive)).toBe(true)
    await sweepDeadRuns()
    await expectReleased(held, folder)
  }, 60_000)
})

/** Starts a cluster in a process of its own, which can be killed. */
async function startElsewhere() {
  const module = new URL('./cluster/index.ts', import.meta.url).href
  const code = `
    const { startCluster } = await import(${JSON.stringify(module)})
    const { folder } = await startCluster({ node: ${hasNode}, kwokNodes: 1 })
    console.log(folder)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  const [folder] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const held = await holdings(folder)
  const kill = async () => {
    child.kill('SIGKILL')
    await gone
  }
  return { folder, held, kill }
}

interface Holdings {
  readonly record: RunRecord
  readonly processes: readonly NonNullable<ReturnType<typeof identify>>[]
}

/** What the cluster holds of the machine, as the machine itself sees it. */
async function holdings(folder: string): Promise<Holdings> {
  const record = readRecord(folder)
  if (record === undefined) throw new Error(`${folder} has no run`)
  const init = record.parts.find((it) => it.name === 'node-init')
  const inside = init === undefined ? [] : await processesBeside(init.pid)
  const pids = [...record.parts.map((it) => it.pid), ...inside]
  const processes = pids.map(identify).filter((it) => it !== undefined)
  expect(processes.length).toBeGreaterThanOrEqual(hasNode ? 9 : 5)
  if (hasNode) {
    expect(await mountsBelow(folder)).not.toEqual([])
    expect(await cgroupsOf(record)).not.toEqual([])
    expect(record.links.filter((it) => it in networkInterfaces())).toHaveLength(1)
  }
  return { record, processes }
}

async function expectReleased({ record, processes }: Holdings, folder: string): Promise<void> {
  expect(processes.filter(isAlive)).toEqual([])
  expect(existsSync(folder)).toBe(false)
  if (process.platform !== 'linux') return
  expect(await mountsBelow(folder)).toEqual([])
  expect(await cgroupsOf(record)).toEqual([])
  expect(record.links.filter((it) => it in networkInterfaces())).toEqual([])
}

const processFolders = async () => (await readdir('/proc')).filter((it) => /^\d+$/.test(it))

async function processesBeside(pid: number): Promise<number[]> {
  const its = await readlink(`/proc/${pid}/ns/pid`)
  const found: number[] = []
  for (const other of await processFolders())
    if ((await readlink(`/proc/${other}/ns/pid`).catch(() => '')) === its) found.push(Number(other))
  return found
}

/** In whatever mount namespace they are. */
async function mountsBelow(folder: string): Promise<string[]> {
  const found = new Set<string>()
  for (const pid of await processFolders()) {
    const mounts = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '')
    for (const line of mounts.split('\n')) if (line.includes(`${folder}/`)) found.add(line)
  }
  return [...found]
}

async function cgroupsOf(record: RunRecord): Promise<string[]> {
  const folders = [
    '/sys/fs/cgroup',
    ...(await readdir('/sys/fs/cgroup')).map((it) => `/sys/fs/cgroup/${it}`),
  ]
  return folders.flatMap((it) => record.cgroups.map((name) => join(it, name))).filter(existsSync)
}
