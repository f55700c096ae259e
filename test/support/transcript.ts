/** What a program has said so far, and a way to wait for more of it. */
export class Transcript {
  #text = ''
  #ended = false
  readonly #waiting = new Set<() => void>()

  get text(): string {
    return this.#text
  }

  add(chunk: string): void {
    this.#text += chunk
    for (const look of this.#waiting) look()
  }

  /** Nothing more will come: whoever still waits is told what came instead. */
  end(): void {
    this.#ended = true
    for (const look of this.#waiting) look()
  }

  /** The first match from `since` on, as soon as it is there. */
  shows(pattern: RegExp, since = 0): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
    const look = () => {
      const found = pattern.exec(this.#text.slice(since))
      if (!found && !this.#ended) return
      this.#waiting.delete(look)
      if (found) resolve(found)
      else reject(new Error(`It ended without ${String(pattern)}:\n${this.#text}`))
    }
    this.#waiting.add(look)
    look()
    return promise
  }
}
