export interface FoundLink {
  readonly from: number
  readonly to: number
  readonly address: string
}

const address = /https:\/\/[^\s"'<>`\\^{}|]+/g

/** Addresses in a line of output; only https, and without the signs that end a sentence. */
export function findLinks(text: string): FoundLink[] {
  return [...text.matchAll(address)].flatMap((match) => {
    const trimmed = match[0].replace(/[).,;:!?\]]+$/, '')
    return isOpenable(trimmed)
      ? [{ from: match.index, to: match.index + trimmed.length, address: trimmed }]
      : []
  })
}

/** A program may name any address; what opens is https without a name and password in it. */
export function isOpenable(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text)
    return protocol === 'https:' && username === '' && password === ''
  } catch {
    return false
  }
}
