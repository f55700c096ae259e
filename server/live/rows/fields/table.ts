/**
 * Which fields of a protobuf message are read, under their JSON names: everything else is stepped over.
 * `[number, type]`, with `list`, `map`, `keys` (a map whose values are never decoded) or `inline` (its fields
 * stand in the outer object in JSON) as a third. A fourth names the only keys of a map that are wanted.
 */
export interface Fields {
  readonly [name: string]: Field
}

export type Field =
  | readonly [number: number, type: Type]
  | readonly [number: number, type: Type, many: 'list' | 'map']
  | readonly [number: number, type: Type, many: 'map', only: readonly string[]]
  | readonly [number: number, type: 'string', many: 'keys']
  | readonly [number: number, type: Fields, many: 'inline']

/** `time` is metav1.Time or MicroTime, `quantity` and `intOrString` are what Kubernetes calls so; `bytes` are a view. */
export type Type =
  'string' | 'bytes' | 'int' | 'bool' | 'time' | 'quantity' | 'intOrString' | Fields

type Value<T> = T extends 'string' | 'quantity'
  ? string
  : T extends 'int'
    ? number
    : T extends 'bool'
      ? boolean
      : // Milliseconds from protobuf, RFC 3339 from JSON: see `instantOf`.
        T extends 'time' | 'intOrString'
        ? string | number
        : T extends 'bytes'
          ? Buffer
          : T extends Fields
            ? Shape<T>
            : never

type Held<F> = F extends readonly [number, infer T]
  ? Value<T>
  : F extends readonly [number, infer T, 'list']
    ? readonly Value<T>[]
    : F extends readonly [number, infer T, 'map', ...unknown[]]
      ? Readonly<Record<string, Value<T>>>
      : F extends readonly [number, unknown, 'keys']
        ? Readonly<Record<string, string>>
        : never

type InlineIn<F> = {
  [K in keyof F]: F[K] extends readonly [number, infer T, 'inline'] ? Shape<T> : never
}[keyof F]

type Both<U> = (U extends unknown ? (it: U) => void : never) extends (it: infer I) => void
  ? I
  : never

/** The JSON shape of what a table reads. No field is certain: clusters leave out what is empty. */
export type Shape<F> = {
  readonly [K in keyof F as F[K] extends readonly [number, unknown, 'inline'] ? never : K]?:
    Held<F[K]> | undefined
} & ([InlineIn<F>] extends [never] ? unknown : Both<InlineIn<F>>)
