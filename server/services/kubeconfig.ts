import { isScalar, parseDocument, visit, type Document } from 'yaml'
import { z } from 'zod'
import { invalidField } from '../contract/errors.ts'
import type { Reach } from '../contract/clusters.ts'
import { isToken, parseProxy } from '../proxy/upstream/index.ts'

/** One context of a kubeconfig: only what is written in it, nothing it points to. */
export type KubeconfigContext =
  | {
      readonly status: 'literal'
      readonly name: string
      readonly reach: Reach
      readonly credential: LiteralCredential
    }
  | {
      readonly status: 'refused'
      readonly name: string
      readonly address: string | undefined
      readonly reason: string
    }

export type LiteralCredential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'certificate'; readonly certificatePem: string; readonly keyPem: string }

const Name = z.string().min(1).max(253)
const Fields = z.record(z.string(), z.unknown())
type Fields = z.infer<typeof Fields>
const list = <T extends z.ZodType>(item: T) => z.array(item).max(1000).nullish()

const Shape = z.object({
  clusters: list(z.object({ name: Name, cluster: Fields.nullish() })),
  users: list(z.object({ name: Name, user: Fields.nullish() })),
  contexts: list(z.object({ name: Name, context: z.object({ cluster: Name, user: Name }) })),
})
type Shape = z.infer<typeof Shape>

/**
 * Reads a kubeconfig without ever doing what one can ask for: it runs no program, opens no file and
 * contacts nobody. What it cannot take over literally is named and refused, context by context.
 */
export function readKubeconfig(text: string): KubeconfigContext[] {
  const shape = Shape.safeParse(parseYaml(text))
  if (!shape.success) {
    const where = shape.error.issues[0]?.path.join('.')
    throw invalidField('kubeconfig', `this is not a kubeconfig${where ? ` (see ${where})` : ''}`)
  }
  return (shape.data.contexts ?? []).map(({ name }, index, all) =>
    all.findIndex((it) => it.name === name) === index
      ? readContext(shape.data, name)
      : refused(name, undefined, 'another context has the same name'),
  )
}

function parseYaml(text: string): unknown {
  // The parser compares every key with every other one, which takes minutes for a text made for it.
  const document = parseDocument(text, { ...yaml, uniqueKeys: false })
  try {
    const [error] = document.errors
    if (error) throw error
    refuseTwins(document)
    return document.toJS({ maxAliasCount: 0 }) as unknown
  } catch {
    // The parser's own message quotes the text, and the text holds credentials.
    const at = document.errors[0]?.pos[0]
    const line = at === undefined ? '' : ` (line ${text.slice(0, at).split('\n').length})`
    throw invalidField(
      'kubeconfig',
      `this is not valid YAML${line}; anchors and aliases are not read`,
    )
  }
}

const yaml = { merge: false, schema: 'core', logLevel: 'error', prettyErrors: false } as const

/** Of two fields of the same name each reader takes another one. */
function refuseTwins(document: Document): void {
  visit(document, {
    Map(_key, { items }) {
      const names = items.map(({ key }) => (isScalar(key) ? key.value : key))
      if (new Set(names).size < names.length) throw new Error('a field was given twice')
    },
  })
}

const refused = (name: string, address: string | undefined, reason: string) =>
  ({ status: 'refused', name, address, reason }) as const

/** Carries a reason up to the context it belongs to. */
class Refusal extends Error {}

function readContext(shape: Shape, name: string): KubeconfigContext {
  const context = shape.contexts?.find((it) => it.name === name)?.context
  let address: string | undefined
  try {
    const cluster = only(shape.clusters, context?.cluster, 'cluster').cluster ?? {}
    address = shownAddress(cluster['server'])
    const user = only(shape.users, context?.user, 'user').user ?? {}
    return { status: 'literal', name, reach: readCluster(cluster), credential: readUser(user) }
  } catch (error) {
    if (error instanceof Refusal) return refused(name, address, error.message)
    throw error
  }
}

function only<T extends { name: string }>(
  items: readonly T[] | null | undefined,
  name: string | undefined,
  what: string,
): T {
  const found = (items ?? []).filter((it) => it.name === name)
  if (found.length > 1) throw new Refusal(`there are two ${what}s named ${quoted(name)}`)
  const [item] = found
  if (!item) throw new Refusal(`there is no ${what} named ${quoted(name)}`)
  return item
}

const quoted = (text: string | undefined) => JSON.stringify(text ?? '')

/** An address may carry a password, wrongly; then nothing of it is shown. */
const shownAddress = (server: unknown) =>
  typeof server === 'string' && server.length <= 2048 && !server.includes('@') ? server : undefined

const clusterFields = new Set([
  'extensions',
  'disable-compression',
  'server',
  'certificate-authority-data',
  'tls-server-name',
  'proxy-url',
])
const whyNotInCluster: Readonly<Record<string, string>> = {
  'insecure-skip-tls-verify':
    'insecure-skip-tls-verify would send credentials to whoever answers; give the authority as certificate-authority-data',
  'certificate-authority':
    'certificate-authority points to a file; embed it (kubectl config view --flatten)',
}

function readCluster(cluster: Fields): Reach {
  refuseUnknown(cluster, 'cluster', clusterFields, whyNotInCluster)
  const address = text(cluster, 'server') ?? fail('it has no server')
  const ca = text(cluster, 'certificate-authority-data')
  const serverName = text(cluster, 'tls-server-name')
  const proxyUrl = text(cluster, 'proxy-url')
  const proxy = proxyUrl === undefined ? undefined : parseProxy(proxyUrl)
  if (proxy?.status === 'refused') throw new Refusal(`proxy-url: ${proxy.reason}`)
  return {
    address,
    ...(ca !== undefined && { caPem: decoded(ca, 'certificate-authority-data') }),
    ...(serverName !== undefined && { serverName }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  }
}

const userFields = new Set(['extensions', 'token', 'client-certificate-data', 'client-key-data'])
const whyNotInUser: Readonly<Record<string, string>> = {
  exec: 'exec runs a program on this machine, which the gateway never does; use a ServiceAccount’s token',
  'auth-provider': 'auth-provider signs in through a plugin, which the gateway does not have',
  tokenFile: 'tokenFile points to a file; give its content as token',
  'client-certificate':
    'client-certificate points to a file; embed it (kubectl config view --flatten)',
  'client-key': 'client-key points to a file; embed it (kubectl config view --flatten)',
  username: 'username and password (basic authentication) are no longer accepted by Kubernetes',
  password: 'username and password (basic authentication) are no longer accepted by Kubernetes',
  as: 'as (impersonation) is not used by the gateway',
  'as-uid': 'as-uid (impersonation) is not used by the gateway',
  'as-groups': 'as-groups (impersonation) is not used by the gateway',
  'as-user-extra': 'as-user-extra (impersonation) is not used by the gateway',
}

function readUser(user: Fields): LiteralCredential {
  refuseUnknown(user, 'user', userFields, whyNotInUser)
  const token = text(user, 'token')
  if (token !== undefined) {
    if (!isToken(token)) throw new Refusal('its token has characters that no token has')
    return { kind: 'token', token }
  }
  const certificate = text(user, 'client-certificate-data')
  const key = text(user, 'client-key-data')
  if (certificate === undefined || key === undefined)
    throw new Refusal('it has neither a token nor a client certificate with its key')
  return {
    kind: 'certificate',
    certificatePem: decoded(certificate, 'client-certificate-data'),
    keyPem: decoded(key, 'client-key-data'),
  }
}

function refuseUnknown(
  fields: Fields,
  what: string,
  known: ReadonlySet<string>,
  reasons: Readonly<Record<string, string>>,
): void {
  for (const [field, value] of Object.entries(fields)) {
    if (isAbsent(value) || known.has(field)) continue
    fail(reasons[field] ?? `the field ${what}.${shownField(field)} is not known`)
  }
}

/** kubectl reads these as if the field were not there. */
const isAbsent = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === '' ||
  value === false ||
  (typeof value === 'object' && Object.keys(value).length === 0)

const shownField = (field: string) => (/^[\w-]{1,64}$/.test(field) ? field : '(unreadable)')

function text(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  if (isAbsent(value)) return undefined
  return typeof value === 'string' ? value : fail(`${name} is not a text`)
}

function decoded(base64: string, field: string): string {
  const compact = base64.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) fail(`${field} is not base64`)
  const pem = Buffer.from(compact, 'base64').toString('utf8')
  return pem.includes('-----BEGIN ') ? pem : fail(`${field} is not PEM`)
}

function fail(reason: string): never {
  throw new Refusal(reason)
}
