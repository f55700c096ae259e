/** What a suffix stands for: a power of ten, or a power of two. */
const suffixes: ReadonlyMap<string, readonly [tens: number, twos: number]> = new Map([
  ['n', [-9, 0]],
  ['u', [-6, 0]],
  ['m', [-3, 0]],
  ['', [0, 0]],
  ['k', [3, 0]],
  ['M', [6, 0]],
  ['G', [9, 0]],
  ['T', [12, 0]],
  ['P', [15, 0]],
  ['E', [18, 0]],
  ['Ki', [0, 10]],
  ['Mi', [0, 20]],
  ['Gi', [0, 30]],
  ['Ti', [0, 40]],
  ['Pi', [0, 50]],
  ['Ei', [0, 60]],
])

const form = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/

/** Longer ones nobody writes. */
const longest = 64
/** With the digits that fit into `longest`, an exponent beyond this makes no difference. */
const farthest = 200
/** Kubernetes takes whatever is larger for this: 2^63-1, which a number rounds to 2^63. */
const most = 2 ** 63

/**
 * A quantity of Kubernetes as the nearest number, in `perUnit`ths (`1500m` is 1.5, or 1500 thousandths).
 * Undefined for what is no quantity.
 */
export function parseQuantity(text: string, perUnit: 1 | 1000 = 1): number | undefined {
  if (text.length > longest) return undefined
  const [, sign, digits, exponent, suffix = ''] = form.exec(text) ?? []
  if (digits === undefined) return undefined
  const [tens, twos] = suffixes.get(suffix) ?? [0, 0]
  const power = Math.max(-farthest, Math.min(farthest, Number(exponent ?? tens)))
  // Read as a decimal with its power of ten it is rounded once; a power of two then loses nothing.
  const read = Number(`${digits}e${power + (perUnit === 1000 ? 3 : 0)}`) * 2 ** twos
  const amount = Math.min(read, most * perUnit)
  return sign === '-' && amount > 0 ? -amount : amount
}
