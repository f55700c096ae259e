import type { AppWindow } from './app-window.ts'
import { afterCrash, LoopGuard } from './crashes.ts'
import { appOrigin } from './origin.ts'
import { backgroundFor } from './theme.ts'
import type { Bounds, WindowLook } from './window-options.ts'
import { placeOn, readWindowState, writeWindowState, type Theme } from './window-state.ts'

interface WindowParts {
  readonly make: (look: WindowLook) => AppWindow
  readonly stateFile: string
  readonly preload: string
  readonly devTools: boolean
  readonly areas: () => readonly Required<Bounds>[]
  readonly isSystemDark: () => boolean
  /** Whether closing the window may go on, and with it usually the app. */
  readonly mayClose: () => boolean
  /** Leads the page, which listens, to a path of its router. */
  readonly lead: (path: string) => void
  /** What a page had open is to be ended. */
  readonly left: (pageId: number) => void
  readonly askReload: () => Promise<boolean>
  readonly said: (message: string) => void
}

/** Shown though no picture came: a window that stays hidden cannot be complained about. */
const latestShow = 2000
const saveAfter = 500

/** The app's one window: where it was left, loaded anew when its process dies, and known to the bridge. */
export class MainWindow {
  readonly #parts: WindowParts
  readonly #crashes = new LoopGuard()
  readonly #served: Promise<unknown>
  #window: AppWindow | undefined
  #theme: Theme
  #saving: NodeJS.Timeout | undefined
  /** Where the page is to go once it listens. */
  #pending: string | undefined
  #listens = false

  /** Nothing is loaded before `served`, for a page asks at once. */
  constructor(parts: WindowParts, served: Promise<unknown>) {
    this.#parts = parts
    this.#served = served
    this.#theme = readWindowState(parts.stateFile).theme
  }

  isOurs(pageId: number): boolean {
    return this.#window?.pageId === pageId
  }

  send(channel: string, value: unknown): void {
    this.#window?.send(channel, value)
  }

  get theme(): Theme {
    return this.#theme
  }

  setTheme(theme: Theme): void {
    this.#theme = theme
    this.#window?.setBackground(backgroundFor(theme, this.#parts.isSystemDark()))
    this.#save()
  }

  /** Makes the window, or brings it to the front, and leads to the path as soon as the page listens. */
  open(path?: string): void {
    this.#pending = path ?? this.#pending
    if (!this.#window) this.#make()
    else {
      this.#window.raise()
      this.#leadOn()
    }
  }

  /** The page has asked for its session, and what it listens to is in place before that. */
  pageListens(): void {
    this.#listens = true
    this.#leadOn()
  }

  #leadOn(): void {
    const path = this.#pending
    if (path === undefined || !this.#listens) return
    this.#pending = undefined
    this.#parts.lead(path)
  }

  hide(): void {
    this.#window?.hide()
  }

  #make(): void {
    const { make, stateFile, preload, devTools, areas, isSystemDark } = this.#parts
    const state = readWindowState(stateFile)
    const window = make({
      preload,
      devTools,
      bounds: placeOn(areas(), state.bounds),
      background: backgroundFor(this.#theme, isSystemDark()),
    })
    this.#window = window
    if (state.maximized) window.maximize()
    const show = once(() => {
      window.raise()
    })
    const late = setTimeout(show, latestShow)
    window.onReady(() => {
      clearTimeout(late)
      show()
    })
    this.#follow(window, () => {
      clearTimeout(late)
    })
    void this.#served.then(() => {
      const path = this.#pending
      this.#pending = undefined
      window.load(`${appOrigin}/index.html${path === undefined ? '' : `#${path}`}`)
    })
  }

  #follow(window: AppWindow, closed: () => void): void {
    const { mayClose } = this.#parts
    const left = () => {
      if (this.#window === window) this.#listens = false
      this.#parts.left(window.pageId)
    }
    window.onMoved(() => {
      clearTimeout(this.#saving)
      this.#saving = setTimeout(() => {
        this.#save()
      }, saveAfter)
    })
    window.onLeft(left)
    window.onCrashed((reason) => {
      this.#crashed(window, reason)
    })
    window.onHung(() => {
      void this.#hung(window)
    })
    window.onClose(() => {
      clearTimeout(this.#saving)
      this.#save()
      return mayClose()
    })
    window.onClosed(() => {
      closed()
      left()
      this.#window = undefined
    })
  }

  #crashed(window: AppWindow, reason: string): void {
    const next = afterCrash(reason, this.#crashes)
    this.#parts.said(`the window's process is gone (${reason}): ${next}`)
    if (next === 'reload') window.load(`${appOrigin}/index.html`)
    if (next === 'give up') window.load(`${appOrigin}/stopped.html`)
  }

  async #hung(window: AppWindow): Promise<void> {
    this.#parts.said('the window does not answer')
    if ((await this.#parts.askReload()) && this.#window === window)
      window.load(`${appOrigin}/index.html`)
  }

  #save(): void {
    if (!this.#window) return
    const bounds = this.#window.bounds()
    const maximized = this.#window.isMaximized()
    try {
      writeWindowState(this.#parts.stateFile, { bounds, maximized, theme: this.#theme })
    } catch {
      this.#parts.said('the place of the window could not be kept')
    }
  }
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}
