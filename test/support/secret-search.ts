import { formsOf } from './secret-forms.ts'

interface Form {
  readonly bytes: Buffer
  readonly what: string
}

/** Looks for all forms of many secrets at once, in as much as a memory holds. */
export class SecretSearch {
  /** Which three bytes any form begins with. */
  readonly #begins = new Uint8Array(1 << 24)
  readonly #forms = new Map<number, Form[]>()

  /** Secrets, each with what it is. */
  constructor(secrets: ReadonlyMap<string, string>) {
    for (const [secret, what] of secrets)
      for (const bytes of formsOf(secret)) {
        const key = bytes.readUIntBE(0, 3)
        this.#begins[key] = 1
        this.#forms.set(key, [...(this.#forms.get(key) ?? []), { bytes, what }])
      }
  }

  /** What of them was found. */
  find(haystack: Buffer): string[] {
    const found = new Set<string>()
    let key = 0
    for (let at = 0; at < haystack.length; at += 1) {
      key = ((key << 8) | (haystack[at] ?? 0)) & 0xffffff
      if (this.#begins[key] !== 1) continue
      for (const { bytes, what } of this.#forms.get(key) ?? [])
        if (haystack.subarray(at - 2, at - 2 + bytes.length).equals(bytes)) found.add(what)
    }
    return [...found]
  }
}
