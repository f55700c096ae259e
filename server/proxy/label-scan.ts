export type Token =
  | { readonly kind: 'identifier' | 'keyword' | 'symbol'; readonly text: string }
  | { readonly kind: 'end' }

/**
 * Cuts a label selector into tokens. A NUL ends a token and is swallowed with it; before a token it ends
 * everything. Kubernetes does so, too.
 */
export function scan(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at++
    if (at >= text.length || text.charCodeAt(at) === 0) break
    const end = isSpecial(text.charCodeAt(at)) ? afterSymbol(text, at) : afterWord(text, at)
    const found = text.slice(at, end)
    tokens.push({ kind: kindOf(found), text: found })
    at = text.charCodeAt(end) === 0 ? end + 1 : end
  }
  tokens.push({ kind: 'end' })
  return tokens
}

function kindOf(text: string): 'identifier' | 'keyword' | 'symbol' {
  if (isSpecial(text.charCodeAt(0))) return 'symbol'
  return text === 'in' || text === 'notin' ? 'keyword' : 'identifier'
}

/** `==` and `!=` are the only long ones. */
function afterSymbol(text: string, at: number): number {
  const c = text.charCodeAt(at)
  const isLong = (c === 0x3d || c === 0x21) && text.charCodeAt(at + 1) === 0x3d
  return isLong ? at + 2 : at + 1
}

function afterWord(text: string, at: number): number {
  let end = at
  while (end < text.length && !endsWord(text.charCodeAt(end))) end++
  return end
}

const isSpace = (c: number) => c === 0x20 || c === 0x09 || c === 0x0d || c === 0x0a

/** One of `! ( ) , < = >`. */
const isSpecial = (c: number) =>
  c === 0x21 || c === 0x28 || c === 0x29 || c === 0x2c || (c >= 0x3c && c <= 0x3e)

const endsWord = (c: number) => c === 0 || isSpace(c) || isSpecial(c)
