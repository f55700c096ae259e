import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { WebglAddon } from '@xterm/addon-webgl'
import { Terminal, type IMarker } from '@xterm/xterm'
import { copyText } from '../copy-text.ts'
import { findLinks, isOpenable } from './links.ts'
import { paletteOf, searchColours } from './palette.ts'
import { preparePaste, type Paste } from './paste.ts'
import { cleanTitle } from './title.ts'

/** Lines above the screen that are kept; at most some ten megabytes a terminal. */
const scrollback = 5_000

export interface ScreenEars {
  typed(bytes: Uint8Array): void
  resized(size: { columns: number; rows: number }): void
  titled(title: string): void
  pasted(paste: Paste): void
  linked(address: string): void
  searched(hits: { nth: number; of: number }): void
  /** Ctrl+Shift+F. */
  find(): void
}

type Scheme = 'light' | 'dark'

const encoder = new TextEncoder()

/** One terminal on the page: xterm with what it may and may not do for the program inside. */
export class TerminalScreen {
  readonly #terminal: Terminal
  readonly #fit = new FitAddon()
  readonly #search = new SearchAddon({ highlightLimit: 1_000 })
  readonly #ears: ScreenEars
  readonly #box: HTMLElement
  #webgl: WebglAddon | undefined
  #scheme: Scheme
  /** Where the last command was sent off. */
  #entered: IMarker | undefined

  constructor(box: HTMLElement, scheme: Scheme, ears: ScreenEars) {
    this.#box = box
    this.#scheme = scheme
    this.#ears = ears
    this.#terminal = new Terminal({
      // Wide signs and search marks are called proposed.
      allowProposedApi: true,
      scrollback,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--gh-mono'),
      fontSize: 12.5,
      lineHeight: 1.2,
      cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      minimumContrastRatio: 4.5,
      theme: paletteOf(scheme),
      // What OSC 8 hides behind words is shown before it opens.
      linkHandler: {
        activate: (_event, address) => {
          if (isOpenable(address)) ears.linked(address)
        },
      },
    })
    this.#load()
    this.#guard()
    this.#listen()
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows }
  }

  draw(bytes: Uint8Array | string, done?: () => void): void {
    this.#terminal.write(bytes, done)
  }

  focus(): void {
    this.#terminal.focus()
  }

  /** Types as if by keyboard and sends it off. */
  run(command: string): void {
    this.#terminal.input(`${command}\r`)
    this.#terminal.focus()
  }

  paste(text: string): void {
    this.#terminal.paste(text)
    this.#terminal.focus()
  }

  get takesPastes(): boolean {
    return this.#terminal.modes.bracketedPasteMode
  }

  clear(): void {
    this.#terminal.clear()
  }

  setScheme(scheme: Scheme): void {
    this.#scheme = scheme
    this.#terminal.options.theme = paletteOf(scheme)
  }

  setReader(on: boolean): void {
    this.#terminal.options.screenReaderMode = on
  }

  /** A hidden terminal gives its drawing memory back; browsers have few of these. */
  show(visible: boolean): void {
    if (!visible) {
      this.#webgl?.dispose()
      this.#webgl = undefined
      return
    }
    this.#useWebgl()
    this.fit()
    this.#terminal.focus()
  }

  fit(): void {
    if (this.#box.clientWidth > 0 && this.#box.clientHeight > 0) this.#fit.fit()
  }

  find(text: string, forwards: boolean): void {
    const options = { decorations: searchColours(this.#scheme) }
    if (text === '') this.#search.clearDecorations()
    else if (forwards) this.#search.findNext(text, options)
    else this.#search.findPrevious(text, options)
  }

  endFind(): void {
    this.#search.clearDecorations()
    this.#terminal.clearSelection()
    this.#terminal.focus()
  }

  get selection(): string {
    return this.#terminal.getSelection()
  }

  /** What the last command wrote; everything that is kept when none was sent. */
  output(): string {
    const buffer = this.#terminal.buffer.active
    const last = buffer.baseY + buffer.cursorY
    const entered = this.#entered?.line ?? -1
    return this.#text(entered >= 0 ? entered + 1 : 0, entered >= 0 ? last : last + 1)
  }

  dispose(): void {
    this.#terminal.dispose()
  }

  #load(): void {
    const terminal = this.#terminal
    terminal.loadAddon(this.#fit)
    terminal.loadAddon(this.#search)
    terminal.loadAddon(new Unicode11Addon())
    terminal.unicode.activeVersion = '11'
    terminal.open(this.#box)
    this.fit()
  }

  #useWebgl(): void {
    if (this.#webgl) return
    try {
      const webgl = new WebglAddon()
      webgl.onContextLoss(() => {
        webgl.dispose()
        this.#webgl = undefined
      })
      this.#terminal.loadAddon(webgl)
      this.#webgl = webgl
    } catch {
      // Without WebGL xterm draws by elements.
    }
  }

  /** A program in a container must not read or write the clipboard, nor open anything by itself. */
  #guard(): void {
    this.#terminal.parser.registerOscHandler(52, () => true)
    this.#terminal.registerLinkProvider({
      provideLinks: (row, tell) => {
        const line = this.#terminal.buffer.active.getLine(row - 1)?.translateToString(true) ?? ''
        tell(
          findLinks(line).map(({ from, to, address }) => ({
            text: address,
            range: { start: { x: from + 1, y: row }, end: { x: to, y: row } },
            activate: () => {
              this.#ears.linked(address)
            },
          })),
        )
      },
    })
  }

  #listen(): void {
    const terminal = this.#terminal
    const ears = this.#ears
    terminal.onData((text) => {
      if (text.includes('\r')) this.#entered = terminal.registerMarker(0)
      ears.typed(encoder.encode(text))
    })
    terminal.onBinary((text) => {
      ears.typed(Uint8Array.from(text, (char) => char.charCodeAt(0)))
    })
    terminal.onResize(({ cols, rows }) => {
      ears.resized({ columns: cols, rows })
    })
    terminal.onTitleChange((title) => {
      ears.titled(cleanTitle(title))
    })
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => {
      ears.searched({ nth: resultIndex + 1, of: resultCount })
    })
    terminal.attachCustomKeyEventHandler((event) => this.#key(event))
    // Before xterm’s own: what is pasted may have to be looked at first.
    this.#box.addEventListener('paste', (event) => this.#pasteEvent(event), { capture: true })
  }

  #pasteEvent(event: ClipboardEvent): void {
    event.preventDefault()
    event.stopPropagation()
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text !== '') this.#ears.pasted(preparePaste(text))
  }

  /** False keeps a key from the program. */
  #key(event: KeyboardEvent): boolean {
    if (!event.ctrlKey || !event.shiftKey || event.type !== 'keydown') return true
    if (event.code === 'KeyF') {
      event.preventDefault()
      this.#ears.find()
      return false
    }
    if (event.code === 'KeyC') {
      event.preventDefault()
      void copyText(this.selection)
      return false
    }
    // The browser pastes, and the paste is listened to.
    return event.code !== 'KeyV'
  }

  #text(from: number, to: number): string {
    const buffer = this.#terminal.buffer.active
    const lines: string[] = []
    for (let row = from; row < to; row += 1) {
      const line = buffer.getLine(row)
      const text = line?.translateToString(true) ?? ''
      if (line?.isWrapped === true && lines.length > 0) lines.push((lines.pop() ?? '') + text)
      else lines.push(text)
    }
    return lines.join('\n').trimEnd()
  }
}
