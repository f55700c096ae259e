type Place = string | undefined

/**
 * Whoever wants the window: another start, a link, the dock. macOS says so before Electron is ready; the place
 * that was named last waits until then.
 */
export class Callers {
  readonly #called: (path: Place) => void
  #first: Place
  #ready = false

  constructor(first: Place, called: (path: Place) => void) {
    this.#first = first
    this.#called = called
  }

  call(path: Place): void {
    if (this.#ready) this.#called(path)
    else this.#first = path ?? this.#first
  }

  /** Electron is ready: where the first window is to lead. From now on calls go on at once. */
  begin(): Place {
    this.#ready = true
    return this.#first
  }
}
