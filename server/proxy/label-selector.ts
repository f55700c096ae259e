import { isInt64 } from './int64.ts'
import { scan, type Token } from './label-scan.ts'

/** Whether Kubernetes can parse a label selector. The grammar is that of k8s.io/apimachinery's labels package. */
export function isLabelSelector(selector: string): boolean {
  if (selector === '') return true
  const tokens = scan(selector)
  if (tokens[0]?.kind === 'end') return true
  let at = 0
  for (;;) {
    const next = afterRequirement(tokens, at)
    if (next === -1) return false
    if (tokens[next]?.kind === 'end') return true
    if (!isSymbol(tokens[next], ',')) return false
    at = next + 1
  }
}

/** Where the requirement that begins at `at` ends, or -1. */
function afterRequirement(tokens: readonly Token[], at: number): number {
  const isAbsent = isSymbol(tokens[at], '!')
  const key = word(tokens[isAbsent ? at + 1 : at])
  if (key === undefined || !isLabelKey(key)) return -1
  const next = isAbsent ? at + 2 : at + 1
  const operator = tokens[next]
  if (isAbsent || isEndOfTerm(operator)) return next
  if (operator?.kind === 'keyword') return afterValues(tokens, next + 1)
  if (operator?.kind !== 'symbol' || !comparisons.has(operator.text)) return -1
  return afterValue(tokens, next + 1, orders.has(operator.text))
}

const isEndOfTerm = (token: Token | undefined) => token?.kind === 'end' || isSymbol(token, ',')

/** One value, which may be empty. */
function afterValue(tokens: readonly Token[], at: number, isNumber: boolean): number {
  const isEmpty = isEndOfTerm(tokens[at])
  const value = isEmpty ? '' : word(tokens[at])
  if (value === undefined || !isLabelValue(value)) return -1
  if (isNumber && !isInt64(value)) return -1
  return isEmpty ? at : at + 1
}

const comparisons: ReadonlySet<string> = new Set(['=', '==', '!=', '<', '>'])
const orders: ReadonlySet<string> = new Set(['<', '>'])

/** `(a,b)`, in which any value may be empty. */
function afterValues(tokens: readonly Token[], at: number): number {
  if (!isSymbol(tokens[at], '(')) return -1
  let canHoldValue = true
  for (let i = at + 1; i < tokens.length; i++) {
    const token = tokens[i]
    if (isSymbol(token, ')')) return i + 1
    if (isSymbol(token, ',')) {
      canHoldValue = true
      continue
    }
    const value = word(token)
    if (!canHoldValue || value === undefined || !isLabelValue(value)) return -1
    canHoldValue = false
  }
  return -1
}

const isSymbol = (token: Token | undefined, text: string) =>
  token?.kind === 'symbol' && token.text === text

/** `in` and `notin` are words, except after a key. */
const word = (token: Token | undefined) =>
  token?.kind === 'identifier' || token?.kind === 'keyword' ? token.text : undefined

const longestName = 63
const longestPrefix = 253

function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/')
  if (slash === -1) return isName(key)
  const prefix = key.slice(0, slash)
  return (
    prefix.length <= longestPrefix &&
    prefix.split('.').every(isDnsLabel) &&
    isName(key.slice(slash + 1))
  )
}

const isLabelValue = (value: string) => value === '' || isName(value)

const isAlphanumeric = (c: number) =>
  (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a)

/** Letters and digits at both ends, `-`, `_` and `.` between. */
function isName(text: string): boolean {
  const last = text.length - 1
  if (text.length === 0 || text.length > longestName) return false
  if (!isAlphanumeric(text.charCodeAt(0)) || !isAlphanumeric(text.charCodeAt(last))) return false
  for (let i = 1; i < last; i++) {
    const c = text.charCodeAt(i)
    if (!isAlphanumeric(c) && c !== 0x2d && c !== 0x5f && c !== 0x2e) return false
  }
  return true
}

/** A label of a subdomain: lower case; only the whole has a length. */
function isDnsLabel(text: string): boolean {
  if (text === '' || text.startsWith('-') || text.endsWith('-')) return false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c !== 0x2d && !(isAlphanumeric(c) && (c < 0x41 || c > 0x5a))) return false
  }
  return true
}
