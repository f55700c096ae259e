import Anser from 'anser'
import type { Mark } from './matcher.ts'

/** A piece of a line that looks the same from end to end. */
export interface Span {
  readonly text: string
  /** Names of looks: `red`, `bold`, … Never a colour by value: those would be unreadable in one theme. */
  readonly look?: string
  readonly mark?: 'filter' | 'search'
}

/** The colours and weights that a program asked for by ANSI codes. */
export function ansiSpans(raw: string): Span[] {
  return Anser.ansiToJson(raw, { use_classes: true, json: true, remove_empty: true }).map((it) => {
    const look = [colourOf(it.fg, it.fg_truecolor), ...it.decorations.filter((d) => d !== 'hidden')]
    const names = look.filter(Boolean).join(' ')
    return { text: it.content, ...(names !== '' && { look: names }) }
  })
}

function colourOf(name: string | null, truecolor: string | null): string {
  if (!name) return ''
  if (name === 'ansi-truecolor' && truecolor) return nearest(truecolor.split(',').map(Number))
  const palette = /^ansi-palette-(\d+)$/.exec(name)
  if (palette) return nearest(paletteColour(Number(palette[1])))
  return name.replace(/^ansi-(?:bright-)?/, '')
}

/** The 6×6×6 cube and the greys of the 256 colours. */
function paletteColour(index: number): number[] {
  if (index >= 232) return [0, 0, 0].map(() => 8 + (index - 232) * 10)
  const at = index - 16
  const step = (n: number) => (n === 0 ? 0 : 55 + n * 40)
  return [step(Math.floor(at / 36)), step(Math.floor(at / 6) % 6), step(at % 6)]
}

/** The named colour of the same hue; greys have no name, they are the text’s own colour. */
function nearest([red = 0, green = 0, blue = 0]: readonly number[]): string {
  const least = Math.min(red, green, blue)
  const span = Math.max(red, green, blue) - least
  if (span < 48) return ''
  const high = (value: number) => value - least > span / 2
  const named = ['', 'blue', 'green', 'cyan', 'red', 'magenta', 'yellow', '']
  return named[(high(red) ? 4 : 0) + (high(green) ? 2 : 0) + (high(blue) ? 1 : 0)] ?? ''
}

/** Cuts spans where marks begin and end. */
export function withMarks(
  spans: readonly Span[],
  marks: readonly Mark[],
  mark: Span['mark'],
): Span[] {
  if (marks.length === 0 || !mark) return [...spans]
  const cut: Span[] = []
  let from = 0
  for (const span of spans) {
    cut.push(...cutSpan(span, from, { marks, mark }))
    from += span.text.length
  }
  return cut
}

function cutSpan(
  span: Span,
  from: number,
  { marks, mark }: { marks: readonly Mark[]; mark: NonNullable<Span['mark']> },
): Span[] {
  const to = from + span.text.length
  const pieces: Span[] = []
  let at = from
  for (const [first, last] of marks) {
    const begin = Math.max(first, at)
    const end = Math.min(last, to)
    if (begin >= end) continue
    if (begin > at) pieces.push({ ...span, text: span.text.slice(at - from, begin - from) })
    pieces.push({ ...span, text: span.text.slice(begin - from, end - from), mark })
    at = end
  }
  if (at < to) pieces.push({ ...span, text: span.text.slice(at - from) })
  return pieces
}
