import { AppError } from '#gateway/errors.ts'

const deepest = 100

/**
 * How long a value is as JSON, roughly and never less than it costs to keep; stops counting beyond the limit.
 * A message of a window may hold anything that can be cloned: what is not JSON is refused here, before a
 * schema that says `unknown` lets it pass.
 * @throws AppError `too_large` or `invalid_input`
 */
export function sizeOf(value: unknown, limit: number): number {
  let size = 0
  const add = (bytes: number) => {
    size += bytes
    if (size > limit) throw new AppError('too_large', `This is more than ${String(limit)} bytes`)
  }
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: it, depth } = next
    if (depth > deepest) throw new AppError('invalid_input', 'The input is nested too deeply')
    // A list of millions is refused by its length, before anything is made of it.
    if (Array.isArray(it)) add(it.length * 4)
    if (typeof it === 'object' && it !== null)
      for (const [key, child] of entriesOf(it)) {
        if (!Array.isArray(it)) add(key.length + 4)
        open.push({ value: child, depth: depth + 1 })
      }
    else add(plain(it))
  }
  return size
}

function plain(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2
  if (value === null || value === undefined || typeof value === 'boolean') return 5
  if (typeof value === 'number') return 8
  throw notJson()
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.map((child: unknown) => ['', child] as const)
  const kind: unknown = Object.getPrototypeOf(value)
  if (kind !== Object.prototype && kind !== null) throw notJson()
  return Object.entries(value)
}

const notJson = () => new AppError('invalid_input', 'The input holds something that is not JSON')
