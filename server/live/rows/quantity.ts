const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

const known = new Map<string, number>()

/** The number that a Kubernetes quantity stands for (`1500m` is 1.5); nothing for what is none. */
export function amountOf(quantity: string | undefined | null): number | undefined {
  if (!quantity) return undefined
  const before = known.get(quantity)
  if (before !== undefined) return before
  const amount = parsed(quantity)
  if (amount === undefined) return undefined
  // The same few are asked of thousands of pods; a cluster cannot make this grow.
  if (known.size > 5000) known.clear()
  known.set(quantity, amount)
  return amount
}

/** In thousandths of a CPU, rounded up as Kubernetes does. */
export const cpuOf = (quantity: string | undefined | null) => rounded(amountOf(quantity), 1000)

/** In bytes, or whole pieces of whatever is counted. */
export const bytesOf = (quantity: string | undefined | null) => rounded(amountOf(quantity), 1)

const rounded = (amount: number | undefined, factor: number) =>
  // Thousandths are not exact in binary: 1.005 must not become 1006.
  amount === undefined ? undefined : Math.ceil(Number((amount * factor).toPrecision(15)))

/** Longer ones nobody writes. */
const longest = 64

function parsed(quantity: string): number | undefined {
  if (quantity.length > longest) return undefined
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    quantity,
  )
  if (!match) return undefined
  const [, digits = '', exponent, suffix = ''] = match
  const factor = exponent === undefined ? factors[suffix] : 10 ** Number(exponent)
  return factor === undefined ? undefined : Number(digits) * factor
}
