import { drawerTabs } from '#bridge/drawer-tabs.ts'
import { parseUrl } from './origin.ts'

export const linkScheme = 'gatehouse'
/** Of a link, and of the path that the contract's event carries. */
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

/** What narrows a list. One that cannot be kept refuses the link: without it more would be shown than was meant. */
const filters: Readonly<Record<string, RegExp>> = {
  ns: namespaces,
  q: words,
  l: words,
  s: words,
  owner: /^[0-9a-f-]{1,64}$/,
}

/** How it is shown; what does not fit is left out. */
const looks: Readonly<Record<string, RegExp>> = {
  sort: columns,
  open: object,
  full: /^1$/,
  tab: new RegExp(`^(?:${drawerTabs.join('|')})$`),
}

/**
 * The place in the app that a link names, as a path of the renderer's router; undefined for everything else.
 * A link only leads somewhere: it acts on nothing, adds no gateway and carries no token. Whoever can make a
 * person's browser open one can send it, so nothing in it makes this throw.
 */
export function pathOfLink(text: unknown): string | undefined {
  const url = readLink(text)
  if (!url) return undefined
  const path = decode(`/${url.hostname}${url.pathname.replace(/\/$/, '')}`)
  if (path === undefined || !routes.some((route) => route.test(path))) return undefined
  const query = queryOf([...url.searchParams])
  // Escapes are longer than what they stand for.
  return query === undefined || path.length + query.length > longest ? undefined : path + query
}

function readLink(text: unknown): URL | undefined {
  if (typeof text !== 'string' || text.length > longest || !text.includes('://')) return undefined
  const url = parseUrl(text)
  const isPlain = !url?.username && !url?.password && !url?.port
  return url?.protocol === `${linkScheme}:` && isPlain ? url : undefined
}

/** What is kept of a link's parameters; undefined when the list would show more without what is not. */
function queryOf(given: readonly (readonly [string, string])[]): string | undefined {
  if (given.some(([name, value]) => isOf(filters, name) && !fits(filters, name, value)))
    return undefined
  const kept = given.filter(([name, value]) => isOf(filters, name) || fits(looks, name, value))
  const query = [...new Map(kept)]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return query === '' ? '' : `?${query}`
}

type Forms = Readonly<Record<string, RegExp>>
const isOf = (forms: Forms, name: string) => Object.hasOwn(forms, name)
const fits = (forms: Forms, name: string, value: string) =>
  isOf(forms, name) && forms[name]?.test(value) === true

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
