import { type Document, isMap, isSeq, parseDocument, Scalar, YAMLSeq } from 'yaml'
import { Refusal } from './refusal.ts'

/** A context as kubectl sees it; cluster and context share the name. */
export interface Entry {
  readonly name: string
  readonly clusterId: string
  readonly server: string
  /** Where kubectl works unless told otherwise; absent means its own default. */
  readonly namespaces: readonly string[] | undefined
}

export interface Own {
  /** The gateway’s address: what leads below it under our names is ours to replace. */
  readonly address: string
  readonly caPem: string | undefined
  readonly entries: readonly Entry[]
  /** Only this cluster’s entries are replaced; absent means all of the gateway’s. */
  readonly clusterId: string | undefined
  /** How kubectl obtains a token. */
  readonly plugin: {
    readonly command: string
    readonly args: readonly string[]
    readonly env: Readonly<Record<string, string>>
  }
}

const prefix = 'gatehouse-'

/** Puts our entries into a kubeconfig; all others stay as they are, comments included. */
export function mergeKubeconfig(text: string, own: Own): string {
  const document = read(text)
  const clusters = list(document, 'clusters')
  const contexts = list(document, 'contexts')
  const users = list(document, 'users')
  const replaced = ourNames(clusters, own)
  const wanted = new Set(own.entries.map(({ name }) => name))
  for (const name of [...named(clusters), ...named(contexts)])
    if (wanted.has(name) && !replaced.has(name))
      throw new Refusal(
        `This file has another ${name} already, which does not lead to ${own.address}`,
      )

  const user = `${prefix}${own.address.slice('https://'.length)}`
  const chosen = namespacesIn(contexts)
  for (const name of replaced) {
    remove(clusters, name)
    remove(contexts, name)
  }
  for (const entry of own.entries) {
    clusters.add(document.createNode({ name: entry.name, cluster: clusterOf(entry, own) }))
    const namespace = namespaceFor(entry, chosen.get(entry.name))
    const context = { cluster: entry.name, user, ...(namespace && { namespace }) }
    contexts.add(document.createNode({ name: entry.name, context }))
  }
  remove(users, user)
  if (named(contexts, 'context', 'user').includes(user))
    users.add(document.createNode({ name: user, user: { exec: execOf(own) } }))
  keepCurrent(document, contexts)
  // Lines are never folded: kubectl reads them, and so do diffs.
  return document.toString({ lineWidth: 0 })
}

function read(text: string): Document {
  const document: Document = parseDocument(text, { intAsBigInt: true })
  const [error] = document.errors
  if (error) throw new Refusal(`This file is not a kubeconfig: ${error.code}`)
  if (document.contents === null) document.contents = document.createNode({})
  if (!isMap(document.contents)) throw new Refusal('This file is not a kubeconfig')
  if (!document.has('apiVersion')) document.set('apiVersion', 'v1')
  if (!document.has('kind')) document.set('kind', 'Config')
  if (document.get('kind') !== 'Config') throw new Refusal('This file is not a kubeconfig')
  return document
}

function list(document: Document, key: string): YAMLSeq {
  const found = document.get(key)
  if (isSeq(found)) {
    // `[]` is how kubectl writes an empty list; our entries want lines of their own.
    if (found.items.length === 0) found.flow = false
    return found
  }
  if (found !== undefined && found !== null) throw new Refusal(`In this file, ${key} is not a list`)
  const made = new YAMLSeq(document.schema)
  document.set(key, made)
  return made
}

/** The entries under our names that lead to this gateway. */
function ourNames(clusters: YAMLSeq, { address, clusterId }: Own): Set<string> {
  const below = clusterId === undefined ? `${address}/k8s/` : `${address}/k8s/${clusterId}@`
  const ours = clusters.items.filter((it) => {
    const server = isMap(it) ? it.getIn(['cluster', 'server']) : undefined
    return typeof server === 'string' && server.startsWith(below)
  })
  return new Set(ours.map(nameOf).filter((name) => name.startsWith(prefix)))
}

const nameOf = (item: unknown) => String(isMap(item) ? item.get('name') : '')

const named = (items: YAMLSeq, ...path: string[]) =>
  items.items.map((it) => (path.length > 0 && isMap(it) ? String(it.getIn(path)) : nameOf(it)))

function remove(items: YAMLSeq, name: string): void {
  items.items = items.items.filter((it) => nameOf(it) !== name)
}

const namespacesIn = (contexts: YAMLSeq) =>
  new Map(
    contexts.items.map((it) => [
      nameOf(it),
      isMap(it) ? it.getIn(['context', 'namespace']) : undefined,
    ]),
  )

/** What `kubectl config set-context --namespace` chose stays, while it is allowed. */
function namespaceFor({ namespaces }: Entry, chosen: unknown): Scalar | undefined {
  const allowed = typeof chosen === 'string' && (namespaces?.includes(chosen) ?? true)
  const namespace = allowed ? chosen : namespaces?.[0]
  if (namespace === undefined) return undefined
  const quoted = new Scalar(namespace)
  // A namespace may be called `no` or `123`; what reads this file must not take it for more.
  quoted.type = Scalar.QUOTE_DOUBLE
  return quoted
}

const clusterOf = ({ server }: Entry, { caPem }: Own) => ({
  server,
  ...(caPem !== undefined && {
    'certificate-authority-data': Buffer.from(caPem).toString('base64'),
  }),
})

const execOf = ({ plugin: { command, args, env } }: Own) => ({
  apiVersion: 'client.authentication.k8s.io/v1',
  command,
  args,
  env: Object.entries(env).map(([name, value]) => ({ name, value })),
  interactiveMode: 'Never',
  provideClusterInfo: false,
})

/** The only context is the current one; a current one that is gone would make every call fail. */
function keepCurrent(document: Document, contexts: YAMLSeq): void {
  const names = named(contexts)
  const current = document.get('current-context')
  if (typeof current === 'string' && names.includes(current)) return
  const [only, ...others] = names
  document.set('current-context', only !== undefined && others.length === 0 ? only : '')
}
