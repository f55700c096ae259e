/** One line of the result. `other` is `kubectl proxy` unless the line says otherwise. */
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
const titles: Row = {
  what: 'what',
  gateway: 'gateway',
  other: 'kubectl proxy',
  ratio: 'ratio, median (min–max)',
  goal: 'goal',
}

/** A Markdown table whose columns line up as text too. */
export function formatTable(rows: readonly Row[]): string {
  const all = [titles, ...rows]
  const widths = columns.map((name) => Math.max(...all.map((row) => row[name].length)))
  const line = (row: Row) =>
    `| ${columns.map((name, at) => row[name].padEnd(widths[at] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(titles), rule, ...rows.map(line)].join('\n')
}
