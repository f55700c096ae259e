/** One line of the result. `other` is `kubectl proxy` unless the titles or the line say otherwise. */
export interface Row {
  readonly what: string
  readonly gateway: string
  readonly other: string
  readonly ratio: string
  readonly goal: string
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

const columns = ['what', 'gateway', 'other', 'ratio', 'goal'] as const
const usual: Row = {
  what: 'what',
  gateway: 'gateway',
  other: 'kubectl proxy',
  ratio: 'ratio, median (min–max)',
  goal: 'goal',
}

/** A Markdown table whose columns line up as text too. */
export function formatTable(rows: readonly Row[], titles: Partial<Row> = {}): string {
  const all = [{ ...usual, ...titles }, ...rows]
  const widths = columns.map((name) => Math.max(...all.map((row) => row[name].length)))
  const line = (row: Row) =>
    `| ${columns.map((name, at) => row[name].padEnd(widths[at] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  const [head, ...body] = all.map(line)
  return [head, rule, ...body].join('\n')
}

/** Milliseconds as they are read best. */
export const time = (milliseconds: number): string => {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`
  return milliseconds >= 10 ? `${milliseconds.toFixed(0)} ms` : `${milliseconds.toFixed(1)} ms`
}

export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MB`
