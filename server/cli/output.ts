/**
 * Whoever names a device or a cluster could otherwise move the cursor of whoever lists it: controls
 * and those that turn the direction of text around.
 */
const unprintable = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** One line that cannot steer a terminal. */
export const printable = (text: string) => text.replace(unprintable, ' ')

/** Rows in columns below a head; an empty list says so on stderr. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) {
    process.stderr.write('Nothing to list\n')
    return
  }
  const cells = [head, ...rows].map((row) => row.map(printable))
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  for (const row of cells) {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
    process.stdout.write(`${line.trimEnd()}\n`)
  }
}

/** JSON escapes most controls by itself; the rest are escaped here. */
export function printJson(value: unknown): void {
  const escaped = JSON.stringify(value, undefined, 2).replace(unprintable, (it) =>
    it === '\n' ? it : `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  process.stdout.write(`${escaped}\n`)
}
