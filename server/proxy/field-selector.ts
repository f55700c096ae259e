/**
 * The one `metadata.name` that a field selector requires: '' when it requires none, undefined when the
 * selector is malformed. The grammar is that of k8s.io/apimachinery's fields package.
 */
export function requiredName(selector: string): string | undefined {
  if (selector === '') return ''
  const terms = splitTerms(selector)
  // Kubernetes sorts the terms by their bytes and takes the first that fits.
  if (terms.length > 1) terms.sort(byBytes)
  let required: string | undefined
  for (const term of terms) {
    if (term === '') continue
    const parsed = parseTerm(term)
    if (parsed === undefined) return undefined
    if (parsed.isEqual && parsed.field === 'metadata.name') required ??= parsed.value
  }
  return required ?? ''
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** Splits at commas that no backslash escapes; escapes stay in the terms. */
function splitTerms(selector: string): string[] {
  if (!selector.includes('\\')) return selector.split(',')
  const terms: string[] = []
  let start = 0
  for (let i = 0; i < selector.length; i++) {
    const c = selector.charCodeAt(i)
    if (c === 0x5c) i++
    else if (c === 0x2c) {
      terms.push(selector.slice(start, i))
      start = i + 1
    }
  }
  terms.push(selector.slice(start))
  return terms
}

function parseTerm(term: string) {
  const equals = term.indexOf('=')
  if (equals === -1) return undefined
  const isEqual = term.charCodeAt(equals - 1) !== 0x21
  const field = term.slice(0, isEqual ? equals : equals - 1)
  const isDouble = isEqual && term.charCodeAt(equals + 1) === 0x3d
  const value = unescapeValue(term.slice(equals + (isDouble ? 2 : 1)))
  return value === undefined ? undefined : { field, isEqual, value }
}

function unescapeValue(text: string): string | undefined {
  if (!text.includes('\\')) return text.includes('=') ? undefined : text
  let value = ''
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i)
    if (c === ',' || c === '=') return undefined
    if (c !== '\\') {
      value += c
      continue
    }
    const escaped = text.charAt(++i)
    if (escaped !== '\\' && escaped !== ',' && escaped !== '=') return undefined
    value += escaped
  }
  return value
}
