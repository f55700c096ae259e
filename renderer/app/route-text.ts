import type { KindRef, Place } from '#gateway/place.ts'

export interface SortKey {
  readonly column: string
  readonly descending: boolean
}

export interface OpenObject {
  readonly namespace?: string
  readonly name: string
  /** Absent: the first place of the list. */
  readonly place?: Place
}

export interface ListRoute {
  readonly screen: 'list'
  readonly places: readonly Place[]
  readonly kind: KindRef
  readonly namespaces?: readonly string[]
  readonly text?: string
  readonly labels?: string
  readonly statuses?: readonly string[]
  readonly owner?: string
  readonly sort?: readonly SortKey[]
  /** What the drawer shows. */
  readonly open?: OpenObject
  readonly tab?: string
  /** The drawer takes the whole page. */
  readonly full?: boolean
}

export interface AdminRoute {
  readonly screen: 'admin'
  readonly page: string
  /** What narrows the page, in its own words; none of them is empty. */
  readonly filter?: Readonly<Record<string, string>>
}

export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'sign-in' }
  | { readonly screen: 'overview'; readonly places: readonly Place[] }
  | ListRoute
  | AdminRoute
  | { readonly screen: 'forwards' }
  | { readonly screen: 'settings' }
  | { readonly screen: 'unknown'; readonly path: string }

/** `/c/prod@viewer+dev@viewer/apps/v1/deployments?ns=a,b`: what stands behind the hash. */
export function hashOf(route: Route): string {
  switch (route.screen) {
    case 'home':
      return '/'
    case 'overview':
      return `/c/${placesText(route.places)}`
    case 'list':
      return listHash(route)
    case 'admin':
      return withSearch(
        `/admin/${encodeURIComponent(route.page)}`,
        Object.entries(route.filter ?? {}).map(([key, value]) => [encodeURIComponent(key), value]),
      )
    case 'unknown':
      return route.path
    case 'sign-in':
    case 'forwards':
    case 'settings':
      return `/${route.screen}`
  }
}

export function parseHash(hash: string): Route {
  const [path, search] = split(hash, '?')
  const [first = '', ...rest] = path.split('/').filter(Boolean).map(decode)
  if (first === '') return { screen: 'home' }
  if (first === 'c') return parsePlace(rest, new URLSearchParams(search), hash)
  if (first === 'admin')
    return { screen: 'admin', page: rest[0] ?? 'clusters', ...parseFilter(search) }
  if (first === 'sign-in' || first === 'forwards' || first === 'settings') return { screen: first }
  return { screen: 'unknown', path: hash }
}

export const placeText = ({ cluster, profile }: Place): string => `${cluster}@${profile}`
const placesText = (places: readonly Place[]) => places.map(placeText).join('+')

function listHash({ places, kind, ...rest }: ListRoute): string {
  const { group, version, resource } = kind
  const path = `/c/${placesText(places)}/${group || 'core'}/${version}/${resource}`
  return withSearch(path, [
    ['ns', rest.namespaces?.join(',')],
    ['q', rest.text],
    ['l', rest.labels],
    ['s', rest.statuses?.map(encodeURIComponent).join(',')],
    ['owner', rest.owner],
    ['sort', rest.sort?.map((it) => (it.descending ? '-' : '') + it.column).join(',')],
    ['open', rest.open && openText(rest.open)],
    ['tab', rest.tab],
    ['full', rest.full ? '1' : undefined],
  ])
}

type Pair = readonly [key: string, value: string | undefined]

function withSearch(path: string, pairs: readonly Pair[]): string {
  const search = pairs.flatMap(([key, value]) => (value ? [`${key}=${readable(value)}`] : []))
  return search.length === 0 ? path : `${path}?${search.join('&')}`
}

function parseFilter(search: string | undefined): Pick<AdminRoute, 'filter'> {
  const pairs = [...new URLSearchParams(search)].filter(([, value]) => value !== '')
  return pairs.length === 0 ? {} : { filter: Object.fromEntries(pairs) }
}

function parsePlace(parts: readonly string[], search: URLSearchParams, hash: string): Route {
  const [where = '', group, version, resource] = parts
  const places = where.split('+').flatMap(parsePlaceText)
  if (places.length === 0) return { screen: 'unknown', path: hash }
  if (!group || !version || !resource) return { screen: 'overview', places }
  const kind = { group: group === 'core' ? '' : group, version, resource }
  return { screen: 'list', places, kind, ...parseSearch(search) }
}

function parseSearch(search: URLSearchParams): Partial<ListRoute> {
  const text = (key: string) => search.get(key) ?? undefined
  const list = (key: string) => {
    const items = text(key)?.split(',').filter(Boolean)
    return items?.length === 0 ? undefined : items
  }
  const open = text('open')
  return without({
    namespaces: list('ns'),
    text: text('q'),
    labels: text('l'),
    statuses: list('s')?.map(decode),
    owner: text('owner'),
    sort: list('sort')?.map(parseSort),
    open: open === undefined ? undefined : parseOpen(open),
    tab: text('tab'),
    full: search.get('full') === '1' || undefined,
  })
}

function parsePlaceText(text: string): Place[] {
  const [cluster, profile] = split(text, '@')
  return cluster && profile ? [{ cluster, profile }] : []
}

const parseSort = (it: string): SortKey =>
  it.startsWith('-') ? { column: it.slice(1), descending: true } : { column: it, descending: false }

const openText = ({ namespace, name, place }: OpenObject) =>
  [namespace ?? '_', name, ...(place ? [placeText(place)] : [])].join('/')

function parseOpen(text: string): OpenObject | undefined {
  const [namespace, name, where = ''] = text.split('/')
  if (!namespace || !name) return undefined
  const [place] = parsePlaceText(where)
  return { name, ...(namespace !== '_' && { namespace }), ...(place && { place }) }
}

/** An address is also read by people: only what would end a part is escaped. */
const readable = (value: string) =>
  encodeURIComponent(value).replace(/%(?:2C|2F|3A|40|3D|21|20)/g, (it) =>
    it === '%20' ? '+' : decodeURIComponent(it),
  )

function split(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const without = <T extends object>(it: T) =>
  Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
