import { queryOptions, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Place } from '#gateway/place.ts'
import type { RightRule, rights } from '#gateway/rights.ts'
import { gateway } from './bridge.ts'
import { placeOnly } from './place.ts'

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

const rulesOf = (place: Place, namespace: string | undefined) =>
  queryOptions({
    queryKey: ['rights', 'rules', place.cluster, place.profile, namespace],
    queryFn: () => gateway.rights.rules({ ...placeOnly(place), namespace: namespace ?? '' }),
    enabled: namespace !== undefined,
    staleTime: 60_000,
  })

const checkOf = (place: Place, asks: readonly RightAsk[]) =>
  queryOptions({
    queryKey: ['rights', 'check', place.cluster, place.profile, asks],
    queryFn: async () => {
      const { answers } = await gateway.rights.check({ ...placeOnly(place), asks: [...asks] })
      return answers
    },
    enabled: asks.length > 0,
    staleTime: 60_000,
  })

/**
 * Answers several questions about one place at once, in their order. In a namespace one review of its rules
 * answers them all; what it leaves open, and what is in no namespace, is asked singly.
 */
export function useMay(place: Place, asks: readonly RightAsk[]): readonly Verdict[] {
  const namespace = asks[0]?.namespace
  const rules = useQuery(rulesOf(place, namespace))
  const byRules = asks.map((ask) => (rules.data ? judge(rules.data, ask) : undefined))
  const waits = namespace !== undefined && rules.isPending
  const open = waits ? [] : asks.filter((_, index) => byRules[index] === undefined)
  const checked = useQuery(checkOf(place, open))
  return asks.map((ask, index): Verdict => {
    const known = byRules[index]
    if (known !== undefined) return known ? { status: 'allowed' } : { status: 'refused', ask }
    const answer = checked.data?.[open.indexOf(ask)]
    if (answer?.allowed) return { status: 'allowed' }
    if (!answer) return checked.error ? refusal(ask, checked.error.message) : { status: 'asking' }
    return refusal(ask, answer.reason)
  })
}

const refusal = (ask: RightAsk, reason: string | undefined): Verdict => ({
  status: 'refused',
  ask,
  ...(reason && { reason }),
})

/** True, false, or undefined when the rules do not tell. */
function judge({ rules, incomplete }: Rules, ask: RightAsk): boolean | undefined {
  if (rules.some((rule) => covers(rule, ask))) return true
  return incomplete ? undefined : false
}

function covers(rule: RightRule, { verb, group, resource, subresource, name }: RightAsk): boolean {
  const wanted = subresource === undefined ? resource : `${resource}/${subresource}`
  const has = (list: readonly string[], value: string) => list.includes('*') || list.includes(value)
  const resources =
    has(rule.resources, wanted) ||
    (subresource !== undefined && rule.resources.includes(`*/${subresource}`)) ||
    (subresource !== undefined && rule.resources.includes(`${resource}/*`))
  const named = rule.names.length === 0 || (name !== undefined && rule.names.includes(name))
  return has(rule.verbs, verb) && has(rule.groups, group) && resources && named
}
