/** Random request targets made of pieces that parsers are known to disagree on; the same for one seed. */
export function hostileTargets(seed: number, count: number) {
  const random = generator(seed)
  return Array.from({ length: count }, () => ({
    method: pick(random, methods),
    target: `/k8s/c1${path(random)}${query(random)}`,
  }))
}

const methods = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
]
const starts = [
  '/api/v1',
  '/api/v1',
  '/api/v1',
  '/apis/apps/v1',
  '/apis/apps/v1',
  '/apis/certificates.k8s.io/v1',
  '/api',
  '/apis',
  '/apis/apps',
  '/API/v1',
  '/%61pi/v1',
  '/api/%76%31',
  '/openapi/v3',
  '/debug/pprof',
  '/version',
  '',
]
const words = [
  'pods',
  'nodes',
  'services',
  'secrets',
  'namespaces',
  'namespaces',
  'a',
  'kube-system',
  'watch',
  'proxy',
  'status',
  'finalize',
  'exec',
  'log',
  'attach',
  'portforward',
  'token',
  'x',
  'system:node',
  'system%3Anode',
  'https:s:443',
  'na%6despaces',
  '%77atch',
  'pro%78y',
  'secret%73',
  'a%20b',
  'a+b',
  'a%2Bb',
  '%C3%A9',
  'a=b',
  'a&b',
  'a@b',
  '~',
  '...',
  '.a',
  'a.',
  '%2e.%2e',
  'a%2eb',
  "a'b",
  '"',
  '<x>',
  '{x}',
  '|',
  '^',
  '`',
  '%E2%82%AC',
  '%F0%9F%98%80',
  'Secrets',
  'PODS',
]
const traps = [
  '.',
  '..',
  '%2e',
  '%2e%2e',
  '.%2E',
  '..;',
  '..;x',
  ';x',
  'a;b',
  '%3b',
  'a%2Fb',
  'a%2fb',
  '%5c',
  '\\',
  '%252f',
  '%25',
  '%00',
  '%zz',
  '%',
  '%2',
  '%ff',
  '%c0%ae',
  '%0a',
  '%7f',
  '#x',
  '%23',
  '%3f',
  '',
  '',
  'é',
  '%ed%a0%80',
  '..%2f',
]
const proxied = [
  '/proxy/',
  '/proxy/x;y/z',
  '/proxy/a%25b',
  '/proxy/100%25',
  '/proxy/%2e%2e/x',
  '/proxy/a%23b%3fc',
  '/proxy',
  '/proxy/logs/',
]
const keys = [
  'watch',
  'watch',
  'watch',
  '%77atch',
  'Watch',
  'fieldSelector',
  'fieldSelector',
  'fieldSelector',
  'field%53elector',
  'labelSelector',
  'labelSelector',
  'limit',
  'timeoutSeconds',
  'resourceVersion',
  'continue',
  'command',
  'follow',
  '+watch',
  'watch%00',
  'w%zz',
  '',
  'shardSelector',
  'sendInitialEvents',
  'resourceVersionMatch',
  'allowWatchBookmarks',
  '__proto__',
]
const values = [
  '1',
  '0',
  'true',
  'false',
  'FALSE',
  'fal%C5%BFe',
  'False+',
  '',
  '-1',
  '+5',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '0000000000000000000000000001',
  '1_0',
  '0x1',
  '1e3',
  '%zz',
  '%ff',
  '1;x',
  '%3b',
  'a%26b',
  'metadata.name=x',
  'metadata.name=x',
  'metadata.name%3Dx',
  'metadata.name==x',
  'metadata.name!=x',
  'metadata.name=',
  'metadata.name',
  'metadata.name=x,metadata.name=a',
  'metadata.name=x,status.phase=Running',
  ',metadata.name=x,',
  'metadata.name=a%2Fb',
  'metadata.name=..',
  'metadata.name=a%25b',
  'metadata.name=x%5C,y',
  'metadata.name=x%5Cy',
  'metadata.name=x\\',
  'metadata.name=x=y',
  'metadata.name%20=x',
  'metadata.namespace=x',
  '=,metadata.name=x',
  '!=,metadata.name=z',
  'metadata.name=%EF%BF%BD',
  'metadata.name=%F0%9F%98%80,metadata.name=%EF%BC%81',
]
const labels = [
  'a',
  'a=b',
  '!a',
  'a!=b',
  'a==b',
  'in',
  'notin',
  'x',
  'x/y',
  'x/y/z',
  '/y',
  'X/y',
  '-a',
  'a-',
  '(',
  ')',
  ',',
  '=',
  '==',
  '!',
  '>',
  '<',
  '5',
  '+',
  '%20in%20',
  '%20notin%20',
  '(a,b)',
  '(a,,b)',
  '()',
  '(,)',
  '%00',
  '%09',
  '%0a',
  '%C3%A9',
  '_',
  '.',
  'a.b/c',
  'a..b/c',
  'a_b',
  '%3D',
  '%21',
]

type Random = () => number

const pick = (random: Random, from: readonly string[]) =>
  from[Math.floor(random() * from.length)] ?? ''

function path(random: Random): string {
  // Options of a list matter only where a list is asked for.
  if (random() < 0.3) return '/api/v1/pods'
  const built = pick(random, starts)
  if (random() < 0.15)
    return `${built}/namespaces/a/${pick(random, words)}/p${pick(random, proxied)}${tail(random)}`
  if (random() < 0.08) return `${built}/nodes/n${pick(random, proxied)}${tail(random)}`
  return built + tail(random)
}

function tail(random: Random): string {
  let built = ''
  for (let left = Math.floor(random() * 6); left > 0; left--) {
    built += `/${pick(random, random() < 0.06 ? traps : words)}`
  }
  return built + (random() < 0.1 ? '/' : '') + (random() < 0.01 ? '/' : '')
}

function query(random: Random): string {
  if (random() < 0.25) return ''
  const pairs: string[] = []
  for (let left = Math.floor(random() * 4); left >= 0; left--) {
    const key = pick(random, keys)
    const value = valueFor(random, key)
    pairs.push(random() < 0.07 ? key : `${key}=${value}`)
  }
  return `?${pairs.join(random() < 0.03 ? ';' : '&')}`
}

/** Lists of one name under a label selector: they keep the name only if the selector can be read. */
export function labelledTargets(seed: number, count: number) {
  const random = generator(seed)
  const start = '/k8s/c1/api/v1/pods?fieldSelector=metadata.name%3Dx&labelSelector='
  return Array.from({ length: count }, () => ({
    method: 'GET',
    target: start + (random() < 0.5 ? label(random) : requirements(random)),
  }))
}

/** Nearly right: each part may be off. */
function requirements(random: Random): string {
  const of = (...from: readonly string[]) =>
    random() < 0.05 ? pick(random, labels) : pick(random, from)
  const key = () => of('a', 'x/y', '!a', 'in', 'a.b/c') + of('', '', '+', '%00')
  const value = () => of('', '', 'a', 'b_c', '5', '-5', 'notin', 'a%00', '%09')
  const compared = () => key() + of('=', '==', '!=', '<', '>', '') + value()
  const listed = () => {
    const [open, second, third, close] = [of('('), value(), value(), of(')')]
    return `${key()}+${of('in', 'notin')}+${open}${second}${of(',', ',', ',+', '')}${third}${close}`
  }
  const terms = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
    random() < 0.5 ? compared() : listed(),
  )
  return terms.join(of(',', ',', ',+'))
}

const selections = values.filter((value) => value.includes('metadata.name'))

function valueFor(random: Random, key: string): string {
  if (random() < 0.1) return pick(random, values)
  if (key === 'labelSelector') return label(random)
  return pick(random, key === 'fieldSelector' ? selections : values)
}

function label(random: Random): string {
  let built = ''
  for (let left = Math.floor(random() * 5); left >= 0; left--) built += pick(random, labels)
  return built
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
