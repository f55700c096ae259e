import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { stringify } from 'yaml'
import type { Preset } from '#gateway/grants.ts'
import { connectCluster, type ClusterClient, type ClusterHandle } from './cluster/client.ts'
import { startGateway, type GatewayOptions, type TestGateway } from './gateway.ts'

/** A gateway with the run’s real cluster registered, and people who use it. */
export interface World {
  readonly cluster: ClusterClient
  readonly gateway: TestGateway
  /** The cluster’s id at the gateway. */
  readonly id: string
  /** Makes a person with a grant per preset and signs them in. */
  person(presets: readonly Preset[], scope?: PersonScope): Promise<TestPerson>
  stop(): Promise<void>
}

export interface PersonScope {
  readonly namespaces?: string[]
  readonly expiresAt?: string
}

export interface TestPerson {
  readonly id: string
  readonly name: string
  readonly password: string
  readonly sessionId: string
  readonly token: string
  readonly grantIds: readonly string[]
  /** A kubeconfig file with one context per profile, the bearer written in. */
  readonly kubeconfig: string
  kubectl(args: readonly string[], options?: RunOptions): Promise<RunResult>
}

export interface RunOptions {
  readonly stdin?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface RunResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface WorldOptions extends GatewayOptions {
  /** Another cluster than the run’s. */
  readonly cluster?: ClusterHandle
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const cluster = connectCluster(options.cluster ?? inject('cluster'))
  const { host } = new URL(cluster.handle.address)
  const gateway = await startGateway({ ...options, allow: [host, ...(options.allow ?? [])] })
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-world-'))
  const id = 'test'
  const admin = await gateway.admin()
  await admin.clusters.importContext({
    kubeconfig: adminKubeconfig(cluster),
    context: 'admin',
    id,
    name: 'The test cluster',
  })
  const profiles = await admin.profiles.list({ clusterId: id })
  return {
    cluster,
    gateway,
    id,
    person: (presets, scope = {}) => makePerson(presets, scope),
    async stop() {
      await gateway.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }

  async function makePerson(presets: readonly Preset[], scope: PersonScope): Promise<TestPerson> {
    const name = `person-${randomBytes(4).toString('hex')}`
    const password = randomBytes(12).toString('hex')
    const person = await admin.persons.create({ name, password })
    const grantIds: string[] = []
    for (const preset of presets) {
      const profile = profiles.find((it) => it.name === preset)
      if (!profile) throw new Error(`the import made no profile ${preset}`)
      const grant = await admin.grants.create({
        personId: person.id,
        profileId: profile.id,
        preset,
        ...scope,
      })
      grantIds.push(grant.id)
    }
    const { accessToken: token, session } = await gateway.signIn(name, password)
    const kubeconfig = join(folder, `${name}.yaml`)
    await writeFile(kubeconfig, kubeconfigText({ token, presets }), { mode: 0o600 })
    return {
      id: person.id,
      name,
      password,
      sessionId: session.id,
      token,
      grantIds,
      kubeconfig,
      kubectl: (args, run) =>
        runKubectl(cluster.handle.parts.kubectl, ['--kubeconfig', kubeconfig, ...args], run),
    }
  }

  function kubeconfigText({
    token,
    presets,
  }: {
    token: string
    presets: readonly string[]
  }): string {
    const ca = Buffer.from(gateway.caPem).toString('base64')
    return stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: presets.map((it) => ({
        name: it,
        cluster: { server: `${gateway.address}/k8s/${id}@${it}`, 'certificate-authority-data': ca },
      })),
      users: [{ name: 'person', user: { token } }],
      contexts: presets.map((it) => ({ name: it, context: { cluster: it, user: 'person' } })),
      'current-context': presets[0] ?? '',
    })
  }
}

/** What an administrator of the cluster would paste: its address, authority and a token. */
export function adminKubeconfig(cluster: ClusterClient): string {
  const { address, caPem, adminToken } = cluster.handle
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'real',
        cluster: {
          server: address,
          'certificate-authority-data': Buffer.from(caPem).toString('base64'),
        },
      },
    ],
    users: [{ name: 'admin', user: { token: adminToken } }],
    contexts: [{ name: 'admin', context: { cluster: 'real', user: 'admin' } }],
    'current-context': 'admin',
  })
}

/** Runs a program to its end; whatever it does to itself, it does not outlive the signal. */
export function runKubectl(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { stdin, env, signal } = options
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { PATH: process.env['PATH'], HOME: tmpdir(), ...env },
      ...(signal && { signal }),
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.stdin.on('error', () => undefined)
    child.on('error', (error) => (error.name === 'AbortError' ? undefined : reject(error)))
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    )
    child.stdin.end(stdin)
  })
}
