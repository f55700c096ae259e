const none: ReadonlyMap<string, readonly string[]> = new Map()

/**
 * Reads a query as Go's url.ParseQuery does: pairs with a `;` or a malformed escape do not exist, `+` is a
 * space, keys are decoded too. Bytes that are not UTF-8 become U+FFFD, which no Kubernetes option contains.
 */
export function parseQuery(raw: string): ReadonlyMap<string, readonly string[]> {
  if (raw === '') return none
  const query = new Map<string, string[]>()
  for (const pair of raw.split('&')) {
    if (pair === '' || pair.includes(';')) continue
    const equals = pair.indexOf('=')
    const key = unescapeQuery(equals === -1 ? pair : pair.slice(0, equals))
    const value = unescapeQuery(equals === -1 ? '' : pair.slice(equals + 1))
    if (key === undefined || value === undefined) continue
    const values = query.get(key)
    if (values === undefined) query.set(key, [value])
    else values.push(value)
  }
  return query
}

const escapes = /%[0-9A-Fa-f]{2}/g

function unescapeQuery(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return unescapeBytes(spaced)
  }
}

/** What decodeURIComponent refuses is either a malformed escape, as in Go, or bytes that are not UTF-8. */
function unescapeBytes(text: string): string | undefined {
  if (text.replaceAll(escapes, '').includes('%')) return undefined
  const bytes = text.replaceAll(escapes, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
