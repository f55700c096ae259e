const taken: Record<string, number> = {}

/** Notes how many milliseconds the process has run when something was reached; the first time counts. */
export function mark(name: string): void {
  taken[name] ??= Math.round(performance.now())
}

export const marks = (): Record<string, number> => ({ ...taken })
