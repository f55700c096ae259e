/** Lines of one stretch of time. */
export interface RulerBar {
  readonly lines: number
  readonly warnings: number
  readonly errors: number
}

/** Three numbers for each bar: lines, warnings among them, errors among them. */
export type Bars = Uint32Array

export const barCount = (bars: Bars): number => bars.length / 3

export const barAt = (bars: Bars, bar: number): RulerBar => ({
  lines: bars[bar * 3] ?? 0,
  warnings: bars[bar * 3 + 1] ?? 0,
  errors: bars[bar * 3 + 2] ?? 0,
})

/** The bar with lines at `bar` or next to it in the direction of `step`; where none is, the last before. */
export function fullBar(bars: Bars, bar: number, step: 1 | -1): number {
  const count = barCount(bars)
  const first = Math.max(0, Math.min(count - 1, bar))
  const isFull = (at: number) => (bars[at * 3] ?? 0) > 0
  for (let at = first; at >= 0 && at < count; at += step) if (isFull(at)) return at
  for (let at = first; at >= 0 && at < count; at -= step) if (isFull(at)) return at
  return first
}

/** Hundredths of the height that something must have to be seen at all. */
const least = 16

interface BarPaths {
  readonly lines: string
  readonly warnings: string
  readonly errors: string
}

/** Each bar from the bottom: errors, warnings above them, the rest behind both. One unit wide, a hundred high. */
export function barPaths(bars: Bars): BarPaths {
  let most = 1
  for (let at = 0; at < bars.length; at += 3) most = Math.max(most, bars[at] ?? 0)
  const paths = { lines: '', warnings: '', errors: '' }
  const height = (count: number) => (count === 0 ? 0 : Math.max(least, (count / most) * 100))
  for (let bar = 0; bar < barCount(bars); bar += 1) {
    const { lines, warnings, errors } = barAt(bars, bar)
    if (lines === 0) continue
    const failed = height(errors)
    const warned = height(warnings)
    paths.lines += box(bar, 0, Math.min(100, Math.max(height(lines), failed + warned)))
    if (failed > 0) paths.errors += box(bar, 0, failed)
    if (warned > 0) paths.warnings += box(bar, failed, Math.min(100, failed + warned))
  }
  return paths
}

function box(bar: number, from: number, to: number): string {
  const level = (it: number) => (100 - it).toFixed(1)
  return `M${bar + 0.08} ${level(from)}V${level(to)}H${bar + 0.92}V${level(from)}z`
}
