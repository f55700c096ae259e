/** Bytes of a line that are kept; what follows is dropped and said. */
const longestLine = 256 * 1024
const cutMark = ' … [cut: the line is longer than 256 KiB]'
const newline = 0x0a

/** Takes the bytes of a log as they come and gives its whole lines: a time, if it has one, and the text. */
export class LineReader {
  readonly #line: (time: string, text: string) => void
  readonly #longest: number
  /** A line that is not over yet. */
  #parts: Buffer[] = []
  #length = 0
  #isTooLong = false

  constructor(line: (time: string, text: string) => void, longest = longestLine) {
    this.#line = line
    this.#longest = longest
  }

  push(chunk: Buffer): void {
    const end = chunk.lastIndexOf(newline)
    if (end === -1) {
      this.#keep(chunk)
      return
    }
    let from = 0
    if (this.#length > 0) {
      from = chunk.indexOf(newline) + 1
      this.#keep(chunk.subarray(0, from - 1))
      this.#flush()
    }
    // Cut at line ends before it is decoded, so that no character is torn.
    if (from <= end) {
      const text = chunk.toString('utf8', from, end)
      for (const line of text.split('\n')) this.#give(line, line.length > this.#longest)
    }
    if (end + 1 < chunk.length) this.#keep(chunk.subarray(end + 1))
  }

  /** The end of what can be read: a last line without an end is one too. */
  end(): void {
    if (this.#length > 0) this.#flush()
  }

  #keep(part: Buffer): void {
    const room = this.#longest - this.#length
    if (part.length > room) this.#isTooLong = true
    const kept = part.subarray(0, Math.max(room, 0))
    if (kept.length === 0) return
    this.#parts.push(kept)
    this.#length += kept.length
  }

  #flush(): void {
    const text = Buffer.concat(this.#parts, this.#length).toString('utf8')
    const isTooLong = this.#isTooLong
    this.#parts = []
    this.#length = 0
    this.#isTooLong = false
    this.#give(text, isTooLong)
  }

  #give(line: string, isTooLong: boolean): void {
    const space = line.indexOf(' ')
    const time = space > 0 && space < 40 ? timeOf(line.slice(0, space)) : ''
    const text = time === '' ? line : line.slice(space + 1)
    this.#line(time, isTooLong ? text.slice(0, this.#longest) + cutMark : text)
  }
}

const inUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/
const anywhere = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/

/** In UTC and with nine digits, so that times are ordered as their letters are. */
function timeOf(word: string): string {
  if (inUtc.test(word)) return word
  const found = anywhere.exec(word)
  if (!found) return ''
  const [, seconds = '', fraction = '', zone = ''] = found
  const at = new Date(seconds + zone)
  if (Number.isNaN(at.getTime())) return ''
  return `${at.toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`
}
