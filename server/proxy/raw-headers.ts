/** Header lines as they came: name, value, name, value. undici gives them as bytes. */
export type RawHeaders = readonly (string | Buffer)[]

/** Every value of one header; the name in lower case. */
export function valuesOf(rawHeaders: RawHeaders, name: string): string[] {
  const values: string[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const found = rawHeaders[i]
    if (found?.length === name.length && lowerOf(found) === name) {
      values.push(textOf(rawHeaders[i + 1]))
    }
  }
  return values
}

const noTokens: ReadonlySet<string> = new Set()

/** The names that `Connection` calls hop-by-hop, in lower case. */
export function connectionTokens(rawHeaders: RawHeaders): ReadonlySet<string> {
  const values = valuesOf(rawHeaders, 'connection')
  if (values.length === 0 || (values.length === 1 && values[0] === 'keep-alive')) return noTokens
  return new Set(values.flatMap((value) => value.split(',')).map((it) => it.trim().toLowerCase()))
}

/** Bytes as Latin-1, one character each, as Node and undici spell a header. */
export const textOf = (part: string | Buffer | undefined): string =>
  typeof part === 'string' ? part : (part?.toString('latin1') ?? '')

export const lowerOf = (part: string | Buffer | undefined): string => textOf(part).toLowerCase()

/** What undici and Node agree to send; anything else would throw there and cost the pool a slot. */
export const isSendable = (value: string) => !unsendable.test(value)
const unsendable = /[^\t\x20-\x7e\x80-\xff]/

export const lengthOf = (value: string) => (/^[0-9]{1,15}$/.test(value) ? Number(value) : undefined)
