/** A line of JSON as its message and the rest. */
export interface Folded {
  readonly message: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}

const messageNames = ['msg', 'message', 'log', 'event', 'text', 'body', 'error']
/** Shown elsewhere: the time in its column, the level as a colour. */
const told = new Set(['ts', 'time', 'timestamp', '@timestamp', 'level', 'severity', 'lvl'])
const most = { fields: 40, value: 500, depth: 3, line: 65_536 }

/** Reads a line as JSON; undefined where it is none. */
export function fold(text: string): Folded | undefined {
  if (text.charCodeAt(0) !== 123 || text.length > most.line) return undefined
  const object = parse(text)
  if (!object) return undefined
  const name = messageNames.find((it) => typeof object[it] === 'string')
  const fields: [string, string][] = []
  for (const [key, value] of Object.entries(object))
    if (key !== name && !told.has(key)) flatten(key, value, fields, 1)
  return { message: name === undefined ? '' : String(object[name]), fields }
}

/** The whole of a line of JSON, over several lines. */
export function unfold(text: string): string | undefined {
  const object = text.length > most.line ? undefined : parse(text)
  return object && JSON.stringify(object, undefined, 2)
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function flatten(name: string, value: unknown, fields: [string, string][], depth: number): void {
  if (fields.length >= most.fields) return
  if (isObject(value) && depth < most.depth) {
    for (const [key, inner] of Object.entries(value))
      flatten(`${name}.${key}`, inner, fields, depth + 1)
    return
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  fields.push([name, text.length > most.value ? `${text.slice(0, most.value)}…` : text])
}
