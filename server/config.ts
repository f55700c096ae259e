import { createPrivateKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { explain as explainIssue } from './contract/errors.ts'

/** A refusal to start, with everything that is wrong and not just the first of it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const hostAndPort = z.string().regex(/^(\[[0-9a-f:]+\]|[a-z0-9.-]+):\d{1,5}$/i, 'write host:port')
const seconds = (least: number, usual: number) => z.coerce.number().int().min(least).default(usual)

const built = (name: string) => fileURLToPath(new URL(`../out/${name}`, import.meta.url))

const Shape = z.strictObject({
  /** Holds the database and whatever has no own path. */
  dataFolder: z.string().min(1),
  listen: z.strictObject({
    host: z.string().default('127.0.0.1'),
    port: z.coerce.number().int().min(0).max(65535).default(8443),
    certificateFile: z.string(),
    keyFile: z.string(),
  }),
  /** What people type: the origin in kubeconfigs, and the first allowed Host. */
  // Its page writes it into lines for a shell, where `$(…)` would be more than a name.
  publicUrl: z.url({ protocol: /^https$/, hostname: /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)$/i }),
  /** Further values of the Host header that are ours. */
  hosts: z.array(z.string()).default([]),
  /** The authority people must trust for publicUrl, where it is not a public one. */
  caFile: z.string().optional(),
  /** A loopback port for browsers on this machine, without TLS and without cluster calls. */
  consolePort: z.coerce.number().int().min(0).max(65535).optional(),
  /** The web console as `npm run build` leaves it; without one the bare address shows a plain page. */
  consoleFolder: z.string().min(1).default(built('renderer')),
  /** Installers of the desktop app that the console offers. */
  downloadFolder: z.string().min(1).default(built('packages')),
  /** Where Prometheus and health probes ask; plain HTTP, so off unless a port is given. */
  metricsHost: z.string().default('127.0.0.1'),
  metricsPort: z.coerce.number().int().min(0).max(65535).optional(),
  databaseUrl: z.string().optional(),
  keys: z.strictObject({
    sealingFile: z.string().optional(),
    /** `id:base64[,id:base64…]`, the current one first; cannot be rotated by the gateway. */
    sealing: z.string().optional(),
    signingFile: z.string(),
    auditFile: z.string(),
  }),
  clusterAddresses: z.strictObject({ allow: z.array(hostAndPort).default([]) }).prefault({}),
  sessions: z
    .strictObject({
      accessSeconds: seconds(10, 900),
      sessionSeconds: seconds(60, 30 * 86_400),
      /** The longest life of a stream, whatever session and grant allow. */
      streamSeconds: seconds(10, 12 * 3600),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Cluster calls of one person that are under way at once, streams apart. */
      requestsPerPerson: seconds(1, 64),
      requestsPerCluster: seconds(1, 400),
      streamsPerPerson: seconds(1, 1500),
      streamsPerCluster: seconds(1, 5000),
      bodyBytes: seconds(1024, 4 * 1024 * 1024),
      signInsPerMinute: seconds(1, 40),
      /** TLS connections of one address; behind a balancer, all come from one. */
      connectionsPerSource: seconds(1, 4000),
    })
    .prefault({}),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Seconds that short requests may take to end at a stop. */
  drainSeconds: seconds(0, 20),
})
type Settings = z.output<typeof Shape>

export interface Config extends Readonly<
  Omit<Settings, 'keys' | 'databaseUrl' | 'listen' | 'caFile'>
> {
  readonly databaseUrl: string
  readonly listen: {
    readonly host: string
    readonly port: number
    readonly certificatePem: string
    readonly keyPem: string
  }
  readonly caPem: string | undefined
  readonly keys: {
    readonly sealing:
      | { readonly status: 'file'; readonly path: string }
      | { readonly status: 'text'; readonly text: string }
    readonly signing: KeyObject
    readonly audit: KeyObject
  }
}

/** Which environment variable fills which setting. Lists are separated by commas. */
const variables = {
  GATEHOUSE_DATA: 'dataFolder',
  GATEHOUSE_HOST: 'listen.host',
  GATEHOUSE_PORT: 'listen.port',
  GATEHOUSE_CERTIFICATE_FILE: 'listen.certificateFile',
  GATEHOUSE_KEY_FILE: 'listen.keyFile',
  GATEHOUSE_PUBLIC_URL: 'publicUrl',
  GATEHOUSE_HOSTS: 'hosts',
  GATEHOUSE_CA_FILE: 'caFile',
  GATEHOUSE_CONSOLE_PORT: 'consolePort',
  GATEHOUSE_CONSOLE_FOLDER: 'consoleFolder',
  GATEHOUSE_DOWNLOAD_FOLDER: 'downloadFolder',
  GATEHOUSE_METRICS_HOST: 'metricsHost',
  GATEHOUSE_METRICS_PORT: 'metricsPort',
  DATABASE_URL: 'databaseUrl',
  GATEHOUSE_SEALING_KEYS: 'keys.sealing',
  GATEHOUSE_SEALING_KEYS_FILE: 'keys.sealingFile',
  GATEHOUSE_SIGNING_KEY_FILE: 'keys.signingFile',
  GATEHOUSE_AUDIT_KEY_FILE: 'keys.auditFile',
  GATEHOUSE_CLUSTER_ADDRESSES_ALLOW: 'clusterAddresses.allow',
  GATEHOUSE_ACCESS_SECONDS: 'sessions.accessSeconds',
  GATEHOUSE_SESSION_SECONDS: 'sessions.sessionSeconds',
  GATEHOUSE_STREAM_SECONDS: 'sessions.streamSeconds',
  GATEHOUSE_LOG_LEVEL: 'logLevel',
  GATEHOUSE_DRAIN_SECONDS: 'drainSeconds',
} as const
const lists: ReadonlySet<string> = new Set(['hosts', 'clusterAddresses.allow'])

type Environment = Readonly<Record<string, string | undefined>>
type Tree = Record<string, unknown>

/**
 * Reads the file that GATEHOUSE_CONFIG names, lays the environment over it and loads what they name.
 * @throws ConfigError naming every setting that is missing or wrong.
 */
export function readConfig(environment: Environment): Config {
  const wrong: string[] = []
  // A section that is missing is an empty one, so that each setting it lacks is named.
  const tree = { listen: {}, keys: {}, ...readFile(environment['GATEHOUSE_CONFIG'], wrong) }
  overlay(tree, environment, wrong)
  const parsed = Shape.safeParse(tree)
  if (!parsed.success)
    for (const issue of parsed.error.issues)
      wrong.push(`${issue.path.join('.') || 'file'}: ${explain(issue)}`)
  // Looked at even when a setting elsewhere is wrong: whoever sets this up gets one report, not a row of them.
  const files = readNamed(tree, wrong)
  checkSealing(tree, wrong)
  const settings = parsed.data
  const loaded = settings && load(settings, files, wrong)
  if (!loaded || wrong.length > 0)
    throw new ConfigError(
      `The configuration is not complete:\n${wrong.map((it) => `  - ${it}`).join('\n')}`,
    )
  return Object.freeze(loaded)
}

function explain(issue: z.core.$ZodIssue): string {
  const name = Object.entries(variables).find(([, path]) => path === issue.path.join('.'))?.[0]
  const words = explainIssue(issue)
  return name ? `${words} (set ${name})` : words
}

function readFile(path: string | undefined, wrong: string[]): Tree {
  if (!path) return {}
  try {
    const value: unknown = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 })
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Tree
    wrong.push('GATEHOUSE_CONFIG: the file is not a mapping')
  } catch (error) {
    wrong.push(`GATEHOUSE_CONFIG: ${(error as Error).message}`)
  }
  return {}
}

function overlay(tree: Tree, environment: Environment, wrong: string[]): void {
  for (const [name, path] of Object.entries(variables)) {
    const text = environment[name]
    if (text !== undefined && text !== '') put(tree, path, lists.has(path) ? listOf(text) : text)
  }
  const known = new Set([
    ...Object.keys(variables),
    'GATEHOUSE_CONFIG',
    'GATEHOUSE_CACHE',
    'GATEHOUSE_HOME',
  ])
  for (const name of Object.keys(environment))
    if (name.startsWith('GATEHOUSE_') && !known.has(name)) wrong.push(`${name}: no such setting`)
}

const listOf = (text: string) => text.split(',').map((it) => it.trim())

function put(tree: Tree, path: string, value: unknown): void {
  const [first = '', second] = path.split('.')
  if (second === undefined) tree[first] = value
  else tree[first] = { ...(tree[first] as Tree | undefined), [second]: value }
}

function valueAt(tree: Tree, path: string): unknown {
  const [first = '', second] = path.split('.')
  const value = tree[first]
  return second === undefined ? value : (Object(value) as Tree)[second]
}

const namedFiles = [
  'listen.certificateFile',
  'listen.keyFile',
  'keys.signingFile',
  'keys.auditFile',
  'caFile',
] as const
type Files = ReadonlyMap<string, string>

/** What the settings name, by setting; absent where that is not given or cannot be read. */
function readNamed(tree: Tree, wrong: string[]): Files {
  const files = new Map<string, string>()
  for (const name of namedFiles) {
    const path = valueAt(tree, name)
    if (typeof path !== 'string') continue
    try {
      files.set(name, readFileSync(path, 'utf8'))
    } catch (error) {
      wrong.push(`${name}: ${(error as Error).message}`)
    }
  }
  return files
}

function checkSealing(tree: Tree, wrong: string[]): void {
  if (valueAt(tree, 'keys.sealing')) return
  const path = valueAt(tree, 'keys.sealingFile')
  if (!path) wrong.push('keys.sealingFile: no sealing key (set GATEHOUSE_SEALING_KEYS_FILE)')
  else if (typeof path === 'string' && !existsSync(path))
    wrong.push(`keys.sealingFile: ${path} does not exist`)
}

function load(settings: Settings, files: Files, wrong: string[]): Config {
  const key = (name: string) => {
    const pem = files.get(name)
    try {
      const key = createPrivateKey(pem ?? '')
      if (key.asymmetricKeyType === 'ed25519') return key
      wrong.push(`${name}: not an Ed25519 key`)
    } catch {
      // One that cannot be read is named already.
      if (pem !== undefined) wrong.push(`${name}: not a private key in PEM form`)
    }
    return undefined
  }
  const { listen, keys, caFile, databaseUrl, ...rest } = settings
  const signing = key('keys.signingFile')
  const audit = key('keys.auditFile')
  return {
    ...rest,
    databaseUrl: databaseUrl ?? `sqlite:${join(settings.dataFolder, 'gatehouse.sqlite')}`,
    listen: {
      host: listen.host,
      port: listen.port,
      certificatePem: files.get('listen.certificateFile') ?? '',
      keyPem: files.get('listen.keyFile') ?? '',
    },
    caPem: caFile === undefined ? undefined : files.get('caFile'),
    // A missing key is already named in `wrong`, so this value never leaves readConfig without them.
    keys: {
      sealing: keys.sealing
        ? { status: 'text', text: keys.sealing }
        : { status: 'file', path: keys.sealingFile ?? '' },
      signing: signing as KeyObject,
      audit: audit as KeyObject,
    },
  }
}
