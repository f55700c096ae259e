/** Shorter than this it could be there by chance. */
const shortest = 16

/**
 * The bytes to look for where a secret must not be: itself, the signature that makes a token one, and both as
 * hexadecimal and as Base64 wherever they begin in a longer text. Bytes are given as latin1.
 */
export function formsOf(secret: string): readonly Buffer[] {
  const signature = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(secret)?.[1] ?? ''
  return [secret, signature]
    .filter((it) => it.length >= shortest)
    .flatMap((it) => encodings(Buffer.from(it, 'latin1')))
}

function encodings(bytes: Buffer): Buffer[] {
  const texts = [bytes.toString('hex')]
  for (let before = 0; before < 3; before += 1) {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes])
    for (const encoding of ['base64', 'base64url'] as const)
      texts.push(inner(shifted.toString(encoding), before))
  }
  return [bytes, ...texts.map((it) => Buffer.from(it))]
}

/** Without the characters that also depend on what stands before and behind. */
const inner = (text: string, before: number) =>
  text.slice(before === 0 ? 0 : before + 1).replace(/.=*$/, '')
