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

/** What a Kubernetes quantity stands for (`1500m` is 1.5); 0 for what is none. */
export function amountOf(quantity: unknown): number {
  const text = typeof quantity === 'string' && quantity.length <= 64 ? quantity : ''
  const [, digits = '', exponent, suffix = ''] =
    /^(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text) ?? []
  const factor = exponent === undefined ? (factors[suffix] ?? 0) : 10 ** Number(exponent)
  return digits === '' ? 0 : Number(digits) * factor
}
