import type { KindRef } from '#gateway/place.ts'
import type { Shape } from './shape.ts'

/** What the catalogue calls each fact: `fact.<name>` of the drawer’s texts. */
export type KindFactName =
  | 'ports'
  | 'selector'
  | 'sessionAffinity'
  | 'strategy'
  | 'ready'
  | 'updated'
  | 'available'
  | 'desired'
  | 'misscheduled'
  | 'nodeSelector'
  | 'completions'
  | 'parallelism'
  | 'active'
  | 'failed'
  | 'startTime'
  | 'completionTime'
  | 'hostIP'
export type KindFact = readonly [name: KindFactName, value: string]

/** What Kubernetes has no words for. */
export interface FactWords {
  /** `2 of 3` */
  share(part: string, whole: string): string
  /** `node 30080` */
  node(port: string): string
  /** `for 30 s` */
  lasting(seconds: string): string
  /** `25% more`, `25% fewer` */
  more(pods: string): string
  fewer(pods: string): string
}

type Part = Readonly<Record<string, unknown>>
interface Parts {
  readonly spec: Part
  readonly status: Part
  readonly words: FactWords
}
type Read = (parts: Parts) => string

/** Facts that only these kinds have, in the order in which they are read. */
const factsOfKinds: Readonly<Record<string, readonly (readonly [KindFactName, Read])[]>> = {
  '/pods': [
    ['hostIP', ({ status }) => plain(status['hostIP'])],
    ['startTime', ({ status }) => moment(status['startTime'])],
  ],
  '/services': [
    [
      'ports',
      ({ spec, words }) =>
        records(spec['ports'])
          .map((it) => portText(it, words))
          .join(', '),
    ],
    ['selector', ({ spec }) => labels(spec['selector'])],
    ['sessionAffinity', ({ spec, words }) => affinityText(spec, words)],
  ],
  'apps/deployments': [
    ['strategy', ({ spec, words }) => strategyText(spec['strategy'], words)],
    ['ready', ({ spec, status, words }) => share(words, status['readyReplicas'], wanted(spec))],
    ['updated', ({ spec, status, words }) => share(words, status['updatedReplicas'], wanted(spec))],
    [
      'available',
      ({ spec, status, words }) => share(words, status['availableReplicas'], wanted(spec)),
    ],
    ['selector', ({ spec }) => labels(record(spec['selector'])['matchLabels'])],
  ],
  'apps/daemonsets': [
    ['desired', ({ status }) => count(status['desiredNumberScheduled'])],
    ['ready', ({ status, words }) => share(words, status['numberReady'], desired(status))],
    [
      'updated',
      ({ status, words }) => share(words, status['updatedNumberScheduled'], desired(status)),
    ],
    ['available', ({ status, words }) => share(words, status['numberAvailable'], desired(status))],
    ['misscheduled', ({ status }) => some(status['numberMisscheduled'])],
    ['strategy', ({ spec, words }) => strategyText(spec['updateStrategy'], words)],
    ['nodeSelector', ({ spec }) => labels(podOf(spec)['nodeSelector'])],
    ['selector', ({ spec }) => labels(record(spec['selector'])['matchLabels'])],
  ],
  'batch/jobs': [
    [
      'completions',
      ({ spec, status, words }) => share(words, status['succeeded'], spec['completions']),
    ],
    ['parallelism', ({ spec }) => plain(spec['parallelism'])],
    ['active', ({ status }) => some(status['active'])],
    ['failed', ({ status }) => some(status['failed'])],
    ['startTime', ({ status }) => moment(status['startTime'])],
    ['completionTime', ({ status }) => moment(status['completionTime'])],
  ],
}

/** What only this kind tells; a part that is missing or of another shape tells nothing. */
export function factsByKind(
  { group, resource }: Pick<KindRef, 'group' | 'resource'>,
  object: Shape,
  words: FactWords,
): readonly KindFact[] {
  const facts = factsOfKinds[`${group}/${resource}`] ?? []
  const parts = { spec: record(object.spec), status: record(object.status), words }
  return facts.flatMap(([name, read]) => {
    const value = read(parts)
    return value === '' ? [] : [[name, value] as const]
  })
}

const isRecord = (it: unknown): it is Part =>
  typeof it === 'object' && it !== null && !Array.isArray(it)
const record = (it: unknown): Part => (isRecord(it) ? it : {})
const records = (it: unknown): readonly Part[] => (Array.isArray(it) ? it.filter(isRecord) : [])
const plain = (it: unknown): string =>
  typeof it === 'string' || typeof it === 'number' ? String(it) : ''

/** Kubernetes leaves a count of none out. */
const count = (it: unknown): string => plain(it ?? 0)
const some = (it: unknown): string => (it === 0 ? '' : plain(it))
/** Only the first where nobody says how many there should be. */
const share = (words: FactWords, part: unknown, whole: unknown): string =>
  plain(whole) === '' ? count(part) : words.share(count(part), plain(whole))

const wanted = (spec: Part): unknown => spec['replicas'] ?? 1
const desired = (status: Part): unknown => status['desiredNumberScheduled'] ?? 0
const podOf = (spec: Part): Part => record(record(spec['template'])['spec'])

const labels = (it: unknown): string =>
  Object.entries(record(it))
    .map(([key, value]) => `${key}=${plain(value)}`)
    .join(', ')

function moment(it: unknown): string {
  const at = typeof it === 'string' ? new Date(it) : undefined
  if (at === undefined || Number.isNaN(at.getTime())) return ''
  return at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
}

/** `http 80 → 8080/TCP (node 30080)` */
function portText({ name, port, targetPort, nodePort, protocol }: Part, words: FactWords): string {
  const target = plain(targetPort)
  const leads = target === '' || target === plain(port) ? plain(port) : `${plain(port)} → ${target}`
  const text = [plain(name), `${leads}/${plain(protocol) || 'TCP'}`].filter(Boolean).join(' ')
  return plain(nodePort) === '' ? text : `${text} (${words.node(plain(nodePort))})`
}
function affinityText(spec: Part, words: FactWords): string {
  const affinity = plain(spec['sessionAffinity'])
  const seconds = record(record(spec['sessionAffinityConfig'])['clientIP'])['timeoutSeconds']
  return plain(seconds) === '' ? affinity : `${affinity}, ${words.lasting(plain(seconds))}`
}

/** `RollingUpdate: 25% more, 25% fewer` */
function strategyText(it: unknown, words: FactWords): string {
  const { type, rollingUpdate } = record(it)
  const { maxSurge, maxUnavailable } = record(rollingUpdate)
  const [more, fewer] = [plain(maxSurge), plain(maxUnavailable)]
  const bounds = [more && words.more(more), fewer && words.fewer(fewer)].filter(Boolean)
  return [plain(type), bounds.join(', ')].filter(Boolean).join(': ')
}
