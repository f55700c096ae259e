const suffixes: ReadonlyMap<string, readonly [base: bigint, exponent: number]> = new Map<
  string,
  readonly [bigint, number]
>([
  ['n', [10n, -9]],
  ['u', [10n, -6]],
  ['m', [10n, -3]],
  ['', [10n, 0]],
  ['k', [10n, 3]],
  ['M', [10n, 6]],
  ['G', [10n, 9]],
  ['T', [10n, 12]],
  ['P', [10n, 15]],
  ['E', [10n, 18]],
  ['Ki', [1024n, 1]],
  ['Mi', [1024n, 2]],
  ['Gi', [1024n, 3]],
  ['Ti', [1024n, 4]],
  ['Pi', [1024n, 5]],
  ['Ei', [1024n, 6]],
])

const form = /^([+-]?)(\d{0,30})(?:\.(\d{0,30}))?(?:([numkKMGTPE]i?)|[eE]([+-]?\d{1,2}))?$/

/**
 * A quantity of Kubernetes as a number, in `perUnit`ths: 1000 for thousandths. Counted in whole numbers
 * throughout; rounded once, at the end. Undefined for what is no quantity.
 */
export function parseQuantity(text: string, perUnit = 1): number | undefined {
  const [match, sign, whole = '', fraction = '', suffix = '', exponent] = form.exec(text) ?? []
  const scale = exponent === undefined ? suffixes.get(suffix) : ([10n, Number(exponent)] as const)
  if (match === undefined || whole + fraction === '' || !scale) return undefined
  const [base, power] = scale
  const up = base ** BigInt(Math.max(power, 0))
  const down = 10n ** BigInt(fraction.length) * base ** BigInt(Math.max(-power, 0))
  const top = BigInt(whole + fraction) * up * BigInt(perUnit)
  // Whole and rest apart: the rest alone is small enough to be exact to the last bit that is shown.
  const value = Number(top / down) + Number(top % down) / Number(down)
  return sign === '-' ? -value : value
}
