import { parseUrl } from './origin.ts'

export const linkScheme = 'gatehouse'
const longest = 2000

const slug = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const place = `${slug}@${slug}`
const segment = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?'

/** What a link may lead to; the paths are those of the renderer's router. */
const routes = [
  new RegExp(`^/c/${place}(?:\\+${place}){0,9}$`),
  new RegExp(`^/c/${place}(?:\\+${place}){0,9}/${segment}/${segment}/${segment}$`),
  /^\/admin\/[a-z-]{1,30}$/,
  /^\/(?:forwards|settings)$/,
]

const namespaces = /^[a-z0-9-]{1,63}(?:,[a-z0-9-]{1,63}){0,19}$/
// No line ends and nothing that is not seen: it is shown in a search field.
const words = /^[^\p{Cc}\p{Cf}\u2028\u2029]{1,200}$/u
const columns = /^-?[\w.-]{1,64}(?:,-?[\w.-]{1,64}){0,3}$/
const object = new RegExp(
  `^(?:_|[a-z0-9-]{1,63})/(?!\\.{1,2}(?:/|$))[A-Za-z0-9:._@-]{1,253}(?:/${place})?$`,
)

/** Parameters by what they may hold. `tab` names tabs that only show: none that opens a shell. */
const parameters: Readonly<Record<string, RegExp>> = {
  ns: namespaces,
  q: words,
  l: words,
  s: words,
  owner: /^[0-9a-f-]{1,64}$/,
  sort: columns,
  open: object,
  full: /^1$/,
  tab: /^(?:overview|details|yaml|events|relations|containers|metrics)$/,
}

/**
 * The place in the app that a link names, as a path of the renderer's router; undefined for everything else.
 * A link only leads somewhere: it acts on nothing, adds no gateway and carries no token.
 */
export function pathOfLink(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > longest || !text.includes('://')) return undefined
  const url = parseUrl(text)
  if (url?.protocol !== `${linkScheme}:` || url.username || url.password || url.port)
    return undefined
  const path = decode(`/${url.hostname}${url.pathname.replace(/\/$/, '')}`)
  if (path === undefined || !routes.some((route) => route.test(path))) return undefined
  const kept = [...url.searchParams].filter(([name, value]) => fits(name, value))
  const query = [...new Map(kept)]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return query === '' ? path : `${path}?${query}`
}

const fits = (name: string, value: string) =>
  Object.hasOwn(parameters, name) && parameters[name]?.test(value) === true

/** Once, and never to something that needs decoding again. */
function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** The link among a program's arguments, wherever Chromium has moved it. */
const linkAmong = (argv: readonly string[]): string | undefined =>
  argv.find((it) => it.toLowerCase().startsWith(`${linkScheme}:`) && it.length <= longest)

/** What a second start hands to the first: the place, already judged, and never more than 4 KB. */
export interface Handover {
  readonly path?: string
}

export function handoverOf(argv: readonly string[]): Handover {
  const path = pathOfLink(linkAmong(argv))
  return path === undefined ? {} : { path }
}

/** The other instance is a program like any other: its word is checked as a link's is. */
export function pathOfHandover(data: unknown): string | undefined {
  const { path } = Object(data) as Record<string, unknown>
  return typeof path === 'string' ? pathOfLink(`${linkScheme}:/${path}`) : undefined
}
