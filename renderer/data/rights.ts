import { queryOptions, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { AppError } from '#gateway/errors.ts'
import type { Place } from '#gateway/place.ts'
import type { RightRule, rights } from '#gateway/rights.ts'
import { gateway } from './bridge.ts'
import { placeOnly } from './place.ts'
import { onForbidden, queries } from './queries.ts'

export interface RightAsk {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

/** Whether something may be done. `asking` until it is known; then the button is not yet there to press. */
export type Verdict =
  | { readonly status: 'allowed' }
  | { readonly status: 'asking' }
  | { readonly status: 'refused'; readonly ask: RightAsk; readonly reason?: string }

type Rules = z.output<typeof rights.rules.output>

/** Grants come and go while a list is open. */
const watchful = { staleTime: 60_000, refetchInterval: 60_000 } as const

/** What is refused again and again, as a list that asks by itself, is no news for so long. */
const pause = 10_000
let heardAt = -Infinity

onForbidden(() => {
  const now = Date.now()
  if (now - heardAt < pause) return
  heardAt = now
  void queries.invalidateQueries({ queryKey: ['rights'] })
})

/** What the person may do in a namespace; without one nothing is asked. */
export const rulesOf = (place: Place, namespace: string | undefined) =>
  queryOptions({
    queryKey: ['rights', 'rules', place.cluster, place.profile, namespace],
    queryFn: () => gateway.rights.rules({ ...placeOnly(place), namespace: namespace ?? '' }),
    enabled: namespace !== undefined,
    ...watchful,
  })

const checkOf = (place: Place, asks: readonly RightAsk[]) =>
  queryOptions({
    queryKey: ['rights', 'check', place.cluster, place.profile, asks],
    queryFn: async () => {
      const { answers } = await gateway.rights.check({ ...placeOnly(place), asks: [...asks] })
      return answers
    },
    enabled: asks.length > 0,
    ...watchful,
  })

/**
 * Answers several questions about one place at once, in their order. In a namespace one review of its rules
 * answers them all; what it leaves open, and what is in no namespace, is asked singly.
 */
export function useMay(place: Place, asks: readonly RightAsk[]): readonly Verdict[] {
  const namespace = asks[0]?.namespace
  const rules = useQuery(rulesOf(place, namespace))
  // What was known before a refusal is no longer true.
  const given = isForbidden(rules.error) ? undefined : rules.data
  const byRules = asks.map((ask) => (given ? judge(given, ask) : undefined))
  const waits = namespace !== undefined && rules.isPending
  const open = waits ? [] : asks.filter((_, index) => byRules[index] === undefined)
  const checked = useQuery(checkOf(place, open))
  return asks.map((ask, index): Verdict => {
    const known = byRules[index]
    if (known !== undefined) return known ? { status: 'allowed' } : { status: 'refused', ask }
    if (isForbidden(checked.error)) return refusal(ask, checked.error.message)
    const answer = checked.data?.[open.indexOf(ask)]
    if (!answer) return { status: 'asking' }
    return answer.allowed ? { status: 'allowed' } : refusal(ask, answer.reason)
  })
}

/** That it could not be asked, as in a lost network, refuses nothing. */
const isForbidden = (error: Error | null): error is AppError =>
  error instanceof AppError && error.code === 'forbidden'

const refusal = (ask: RightAsk, reason: string | undefined): Verdict => ({
  status: 'refused',
  ask,
  ...(reason && { reason }),
})

/** True, false, or undefined when the rules do not tell. */
function judge({ rules, incomplete }: Rules, ask: RightAsk): boolean | undefined {
  const fitting = rules.filter((rule) => covers(rule, ask))
  // What a wildcard does not include is not in the rules.
  const certain = incomplete
    ? fitting.filter((rule) => rule.resources.includes(wordOf(ask)))
    : fitting
  if (certain.length > 0) return true
  return incomplete ? undefined : false
}

const wordOf = ({ resource, subresource }: RightAsk) =>
  subresource === undefined ? resource : `${resource}/${subresource}`

function covers(rule: RightRule, ask: RightAsk): boolean {
  const { verb, group, resource, subresource, name } = ask
  const has = (list: readonly string[], value: string) => list.includes('*') || list.includes(value)
  const resources =
    has(rule.resources, wordOf(ask)) ||
    (subresource !== undefined && rule.resources.includes(`*/${subresource}`)) ||
    (subresource !== undefined && rule.resources.includes(`${resource}/*`))
  const named = rule.names.length === 0 || (name !== undefined && rule.names.includes(name))
  return has(rule.verbs, verb) && has(rule.groups, group) && resources && named
}
