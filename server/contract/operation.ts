import type { z } from 'zod'
import { invalidInput } from './errors.ts'

/** One request and its answer. Schemas describe the wire: no transforms, dates are ISO strings. */
export interface Call<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I
  readonly output: O
}

/** A call that travels over HTTP. Path parameters are taken from the input by name. */
export interface Operation<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> extends Call<I, O> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the prefix `/api`. */
  readonly path: `/${string}`
  /** Who may ask: anyone, whoever is signed in, or administrators of the gateway only. */
  readonly needs: 'nobody' | 'person' | 'admin'
  /** One sentence for the reference page. */
  readonly summary: string
}

export type Group<C extends Call = Call> = Readonly<Record<string, C>>
export type Api<C extends Call = Call> = Readonly<Record<string, Group<C>>>

type Answer<C extends Call> = Promise<z.output<C['output']>>

/** What a caller holds: `gateway.clusters.list({ teamId })`. */
export type Client<A extends Api> = {
  readonly [G in keyof A]: {
    readonly [N in keyof A[G]]: (input: z.input<A[G][N]['input']>) => Answer<A[G][N]>
  }
}

/** What a provider writes: every call of the group, none forgotten. */
export type Handlers<G extends Group, Context> = {
  readonly [N in keyof G]: (input: z.output<G[N]['input']>, context: Context) => Answer<G[N]>
}

/** An input with a field that nobody knows is refused: a misspelt limit would otherwise be no limit. */
export const operation = <I extends z.ZodObject, O extends z.ZodType>(
  op: Operation<I, O>,
): Operation<I, O> => ({ ...op, input: op.input.strict() as unknown as I })

/** Parses what a caller sent. A bad answer, by contrast, is our own fault and stays a plain error. */
export function parseInput<C extends Call>(call: C, input: unknown): z.output<C['input']> {
  const result = call.input.safeParse(input)
  if (result.success) return result.data as z.output<C['input']>
  throw invalidInput(result.error)
}

/** Builds a client whose every method hands its name, its call and its input to `send`. */
export function createClient<C extends Call, A extends Api<C>>(
  api: A,
  send: (name: string, call: C, input: unknown) => Promise<unknown>,
): Client<A> {
  const groups = Object.entries(api).map(([group, calls]) => {
    const methods = Object.entries(calls).map(([name, call]) => {
      const method = async (input: unknown) =>
        call.output.parse(await send(`${group}.${name}`, call, input))
      return [name, method] as const
    })
    return [group, Object.fromEntries(methods)] as const
  })
  return Object.fromEntries(groups) as Client<A>
}

/** Finds `group.name`; own keys only, so `__proto__` finds nothing. */
export function find<T>(
  table: Readonly<Record<string, Readonly<Record<string, T>>>>,
  name: string,
): T | undefined {
  const [group = '', member = '', ...rest] = name.split('.')
  return rest.length > 0 ? undefined : own(own(table, group) ?? {}, member)
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined
