/** Tells the person at the terminal what is going on, one line at a time. */
export type Say = (line: string) => void

export function createSay(): Say {
  const started = performance.now()
  return (line) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    process.stdout.write(`${seconds.padStart(6)} s  ${line}\n`)
  }
}
