const units = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const

/** `42s`, `3m12s`, `5h`, `2d4h`, `93d`, `2y41d`: two units where the second one still says something. */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 120) return `${String(seconds)}s`
  // Nobody needs single seconds here, and a list that ticks all over is neither quiet nor cheap.
  if (seconds < 10 * units.minute)
    return pair(seconds - (seconds % 10), units.minute, 'm', [1, 's'])
  if (seconds < 2 * units.hour) return `${String(Math.floor(seconds / units.minute))}m`
  if (seconds < 8 * units.hour) return pair(seconds, units.hour, 'h', [units.minute, 'm'])
  if (seconds < 2 * units.day) return `${String(Math.floor(seconds / units.hour))}h`
  if (seconds < 8 * units.day) return pair(seconds, units.day, 'd', [units.hour, 'h'])
  if (seconds < 730 * units.day) return `${String(Math.floor(seconds / units.day))}d`
  return pair(seconds, 365 * units.day, 'y', [units.day, 'd'])
}

function pair(seconds: number, size: number, unit: string, [small, smallUnit]: [number, string]) {
  const rest = Math.floor((seconds % size) / small)
  return `${String(Math.floor(seconds / size))}${unit}${rest > 0 ? `${String(rest)}${smallUnit}` : ''}`
}

/** Thousandths of a CPU: `250m`, `1.5`, `12`. */
export function cpuText(millis: number): string {
  if (millis < 1000) return `${String(Math.round(millis))}m`
  return trim(millis / 1000)
}

const steps = ['B', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const

/** Bytes as Kubernetes writes them: `512Mi`, `1.5Gi`. */
export function bytesText(bytes: number): string {
  let value = bytes
  let step = 0
  while (value >= 1024 && step < steps.length - 1) {
    value /= 1024
    step += 1
  }
  return `${trim(value)}${steps[step] ?? ''}`
}

const trim = (value: number) =>
  value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10)

export const countText = (count: number): string => count.toLocaleString('en')
