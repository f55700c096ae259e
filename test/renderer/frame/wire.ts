import type { Bridge, Reply } from '#bridge'
import type { Context } from '#gateway/contexts.ts'
import type { Kind } from '#gateway/kinds.ts'
import type { Freshness, Row, ViewAsk, ViewQuery, ViewUpdate } from '#gateway/views.ts'

declare global {
  interface Window {
    /** Views that are open now, by what they ask for. */
    readonly openViews: Map<number, ViewQuery>
  }
}

export type OpenViews = readonly ViewQuery[]

const context = (clusterId: string, clusterName: string, over: Partial<Context>): Context => ({
  clusterId,
  clusterName,
  profileName: 'dev',
  path: `/k8s/${clusterId}@dev`,
  capabilities: [],
  ...over,
})

const contexts: readonly Context[] = [
  context('lab', 'The Lab', { namespaces: ['bench'] }),
  context('shop-eu', 'Shop Europe', { capabilities: ['exec', 'secrets'] }),
  context('shop-us', 'Shop America', {
    expiresAt: new Date(Date.now() + 3.5 * 86_400_000).toISOString(),
  }),
]

const kind = (name: string, title: string, namespaced = true): Kind => {
  const [resource = '', ...group] = name.split('.')
  return {
    group: group.join('.'),
    version: 'v1',
    resource,
    kind: title,
    singular: title.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced,
    verbs: ['get', 'list', 'watch'],
    subresources: [],
  }
}

const everywhere = [
  kind('pods', 'Pod'),
  kind('secrets', 'Secret'),
  kind('configmaps', 'ConfigMap'),
  kind('nodes', 'Node', false),
  kind('deployments.apps', 'Deployment'),
]
const kinds: Readonly<Record<string, readonly Kind[]>> = {
  'shop-eu': everywhere,
  'shop-us': [...everywhere, kind('widgets.example.com', 'Widget')],
}

const names: Readonly<Record<string, readonly string[]>> = {
  pods: ['till-7', 'till-8', 'till-9'],
  deployments: ['cart', 'till'],
  secrets: ['cart-key'],
  nodes: ['first'],
  widgets: ['wheel'],
}

const rowOf = (name: string, id: number, { resource }: ViewQuery): Row => ({
  id,
  source: 0,
  ...(resource !== 'nodes' && { namespace: 'prod' }),
  name,
  uid: `${resource}-${name}`,
  version: '1',
  tone: 'ok',
  // A pod is found by what it was made of, too.
  cells: [resource === 'pods' ? 'cart:v2' : 'any', 1_700_000_000_000 + id],
})

/** Told as a gateway tells it; what the profile of the lab cannot read is so. */
function updateOf(view: number, query: ViewQuery): ViewUpdate {
  const { resource, sources, text = '', offset, limit } = query
  const rows = (names[resource] ?? [])
    .map((name, at) => rowOf(name, at + 1, query))
    .filter((it) => JSON.stringify([it.name, it.cells]).includes(text))
  const freshness = sources.map(({ cluster }, source): Freshness => ({
    source,
    status: resource === 'nodes' && cluster === 'shop-us' ? 'forbidden' : 'live',
  }))
  const shown = rows.slice(offset, offset + limit)
  return {
    type: 'update',
    view,
    revision: 1,
    columns: [
      { id: 'made', title: 'Made of', type: 'text' },
      { id: 'age', title: 'Age', type: 'age' },
    ],
    total: rows.length,
    all: rows.length,
    facets: [],
    tones: {},
    sums: {},
    offset,
    order: shown.map((it) => it.id),
    rows: shown,
    freshness,
  }
}

const rules = [
  { verbs: ['list', 'watch', 'get'], groups: [''], resources: ['pods', 'pods/log'], names: [] },
  { verbs: ['get'], groups: ['apps'], resources: ['deployments'], names: ['till'] },
]

function answer(name: string, input: unknown): unknown {
  const { cluster = '' } = Object(input) as { cluster?: string }
  switch (name) {
    case 'contexts.list':
      return contexts
    case 'kinds.list': {
      const served = kinds[cluster]
      return served && { kinds: served, incomplete: [], version: 'v1.34.0' }
    }
    case 'objects.namespaces': {
      const many = Array.from({ length: 600 }, (_, at) => `team-${String(at)}`)
      const items = ['prod', ...many].map((it) => ({ name: it, status: 'Active' }))
      return { canList: true, items }
    }
    case 'rights.rules':
      return { rules, capabilities: ['exec'], incomplete: false }
    case 'sessions.list':
    case 'gateways.list':
    case 'forwards.list':
      return []
    case 'session.state':
      return {
        status: 'signed in',
        gatewayId: 'here',
        address: 'https://gateway.test',
        person: { id: '00000000-0000-4000-8000-000000000001', name: 'ada', admin: false },
        kept: 'sealed',
      }
    default:
      return undefined
  }
}

function reply(name: string, input: unknown): Promise<Reply> {
  const value = answer(name, input)
  const error = { code: 'internal', message: 'connection refused' }
  return Promise.resolve(value === undefined ? { ok: false, error } : { ok: true, value })
}

function serveViews(port: MessagePort): void {
  const tell = (message: unknown) => {
    port.postMessage(JSON.stringify(message))
  }
  const open = (view: number, query: ViewQuery) => {
    window.openViews.set(view, query)
    tell(updateOf(view, query))
  }
  port.onmessage = ({ data }: MessageEvent<string>) => {
    const ask = JSON.parse(data) as ViewAsk
    if (ask.type === 'open' || ask.type === 'change') open(ask.view, ask.query)
    else if (ask.type === 'close') window.openViews.delete(ask.view)
    else if (ask.type === 'window') {
      const query = window.openViews.get(ask.view)
      if (query) open(ask.view, { ...query, offset: ask.offset, limit: ask.limit })
    }
  }
  tell({ type: 'opened' })
  setInterval(() => {
    tell({ type: 'beat' })
  }, 1000)
}

/** In the place of preload: three clusters, of which the first tells nothing of itself. */
const bridge: Bridge = {
  gateway: reply,
  desktop: reply,
  on: () => () => undefined,
  open: (stream, nonce) => {
    if (stream !== 'views') return reply('', {})
    const { port1, port2 } = new MessageChannel()
    serveViews(port1)
    window.postMessage({ gatehousePort: nonce }, '*', [port2])
    return Promise.resolve({ ok: true, value: undefined })
  },
}

// As index.html has them.
document.title = 'Gatehouse'
document.documentElement.lang = 'en'
const root = document.createElement('div')
root.id = 'root'
document.body.append(root)
Object.assign(window, {
  bridge,
  openViews: new Map(),
  // As renderer/public/no-eval.js says it.
  __zod_globalConfig: { jitless: true },
})
