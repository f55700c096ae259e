import { parseQuantity } from '../../contract/quantity.ts'

type Amount = (quantity: string | undefined | null) => number | undefined

/** The same few are asked of thousands of pods; a cluster cannot make this grow. */
function remembered(parse: (quantity: string) => number | undefined): Amount {
  const known = new Map<string, number>()
  return (quantity) => {
    if (!quantity) return undefined
    const before = known.get(quantity)
    if (before !== undefined) return before
    const amount = parse(quantity)
    if (amount === undefined) return undefined
    if (known.size > 5000) known.clear()
    known.set(quantity, amount)
    return amount
  }
}

/** The number that a Kubernetes quantity stands for (`1500m` is 1.5); nothing for what is none. */
export const amountOf = remembered((quantity) => parseQuantity(quantity))

/** In thousandths of a CPU, rounded up as Kubernetes does. */
export const cpuOf = remembered((quantity) => roundedUp(parseQuantity(quantity, 1000)))

/** In bytes, or whole pieces of whatever is counted. */
export const bytesOf = remembered((quantity) => roundedUp(parseQuantity(quantity)))

// Not -0, which Math.ceil makes of what is just below nothing.
const roundedUp = (amount: number | undefined) =>
  amount === undefined ? undefined : Math.ceil(amount) + 0
