/** What a log never holds, by its form. The kind of what was there stays readable. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    '[private key]',
  ],
  // Any signed token: ours, a cluster's, an issuer's.
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, '[token]'],
  [/\bgh[a-z]_[\w.-]{8,}/g, '[token]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 [token]'],
  [
    /(["']?(?:password|passphrase|secret|token|refreshToken|accessToken|authorization|cookie|set-cookie|client-key-data)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;}&]+)/gi,
    '$1[hidden]',
  ],
  // A name and password in an address.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1[hidden]@'],
]

/** Takes everything out of a text that could be used by whoever reads a log. */
export const redact = (text: string): string =>
  secrets.reduce((clean, [pattern, word]) => clean.replace(pattern, word), text)
