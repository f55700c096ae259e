import type { ListRoute } from './route.ts'

export interface Filter {
  readonly text?: string
  readonly labels?: string
  readonly statuses?: readonly string[]
}

/** One line as it is typed: `web !old label:"tier in (a,b)" status:Running,"Some words" /^api-/`. */
export function parseFilter(line: string): Filter {
  const words: string[] = []
  const labels: string[] = []
  const statuses: string[] = []
  for (const word of line.match(/\/(?:\\.|[^/\\])*\/?|(?:"[^"]*"?|[^\s"])+/g) ?? []) {
    const [, key, value = ''] = /^(labels?|l|status|s):(.*)$/.exec(word) ?? []
    if (key === undefined) words.push(word)
    else if (key.startsWith('l')) labels.push(value.replace(/"/g, ''))
    else statuses.push(...value.replace(/"/g, '').split(','))
  }
  const text = words.join(' ')
  const selector = labels.filter(Boolean).join(',')
  const wanted = statuses.filter(Boolean)
  return {
    ...(text && { text }),
    ...(selector && { labels: selector }),
    ...(wanted.length > 0 && { statuses: wanted }),
  }
}

export function filterLine({ text, labels, statuses }: Filter): string {
  const quoted = statuses?.map(quote).join(',')
  return [text, labels && `label:${quote(labels)}`, quoted && `status:${quoted}`]
    .filter(Boolean)
    .join(' ')
}

const quote = (it: string) => (/\s/.test(it) ? `"${it}"` : it)

/** The same list under another filter. */
export function filtered(route: ListRoute, filter: Filter): ListRoute {
  const { text: _, labels: __, statuses: ___, ...rest } = route
  return { ...rest, ...filter }
}

/** A filter that is being typed may not be whole yet; such a part is not sent. */
export const isWhole = ({ labels, text }: Filter): boolean =>
  !(labels && /[=!(,]$/.test(labels)) && !(text && /(^|\s)!?\/[^/]*$/.test(text))
