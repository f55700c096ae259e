import type { Field, Fields, Type } from './fields/table.ts'

/** A table of fields as the decoder wants it: everything by field number. */
export interface Message {
  /** What to do with a field; 0 steps over it. */
  readonly codes: Uint8Array
  readonly names: readonly string[]
  readonly inner: readonly (Message | undefined)[]
  readonly only: readonly (ReadonlySet<string> | undefined)[]
}

export const code = {
  skip: 0,
  string: 1,
  int: 2,
  bool: 3,
  time: 4,
  quantity: 5,
  intOrString: 6,
  message: 7,
  bytes: 8,
  /** The low bits are one of the above. */
  value: 15,
  list: 16,
  map: 32,
  keys: 48,
  inline: 64,
} as const

const codeOf = (type: Type) => (typeof type === 'string' ? code[type] : code.message)
const codeOfMany = (field: Field) => (field[2] === undefined ? 0 : code[field[2]])

/** Made once for each kind, when the module is loaded. */
export function compile(fields: Fields): Message {
  const entries = Object.entries(fields)
  const size = Math.max(0, ...entries.map(([, [number]]) => number)) + 1
  const codes = new Uint8Array(size)
  const names = Array.from({ length: size }, () => '')
  const inner = Array.from<Message | undefined>({ length: size })
  const only = Array.from<ReadonlySet<string> | undefined>({ length: size })
  for (const [name, field] of entries) {
    const [number, type] = field
    codes[number] = codeOf(type) | codeOfMany(field)
    names[number] = name
    if (typeof type !== 'string') inner[number] = compile(type)
    if (field[3]) only[number] = new Set(field[3])
  }
  return { codes, names, inner, only }
}
