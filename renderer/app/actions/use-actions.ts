import type { ObjectRef } from '#gateway/place.ts'
import { isGuarded } from '#gateway/removal.ts'
import { useMay, type Verdict } from '../../data/rights.ts'
import { useTexts } from '../../texts/texts.ts'
import { useCommands } from '../commands.ts'
import { plansFor, type ActionId, type ActionPlan, type Halting } from './plans.ts'
import { useRefusal } from './refusal.ts'

/** Something that can be done with objects, or the reason why not. */
export interface Action {
  readonly id: ActionId
  readonly title: string
  readonly keys?: string
  readonly danger: boolean
  /** Cannot be done with several at once. */
  readonly single: boolean
  readonly refusal: string | undefined
  readonly run: () => void
}

/** What is known of the objects beyond their names. */
export interface Known {
  readonly halting?: Halting | undefined
  readonly restarted?: boolean
  /** Of each of them; what is deleted is that very object. */
  readonly uids?: readonly (string | undefined)[]
}

const nowhere = { cluster: 'none', profile: 'none' }

/**
 * Actions on what is selected. None is hidden for want of a right: a refusal says what is missing. Of a
 * pair like suspend and resume only one makes sense, where it is known what the objects do now; and logs of a
 * life before only where there was one.
 */
export function useActions(
  targets: readonly ObjectRef[],
  { halting, restarted = true, uids = [] }: Known = {},
): readonly Action[] {
  const t = useTexts('actions')
  const [target] = targets
  const plans = (target ? plansFor(target) : []).filter(
    ({ id, on }) =>
      (on === undefined || halting === undefined || on === halting) &&
      (restarted || id !== 'previousLogs'),
  )
  // In several namespaces each object has its own answer; it is given with the result.
  const alike = target !== undefined && targets.every((it) => sameScope(it, target))
  const verdicts = useMay(
    target ?? nowhere,
    target && alike ? plans.map((it) => it.ask(target)) : [],
  )
  const reason = useReason()
  return plans.map((plan, index) => ({
    id: plan.id,
    title: t(`do.${plan.id}`),
    ...(plan.keys && { keys: plan.keys }),
    danger: plan.danger === true,
    single: plan.single === true,
    refusal: reason(plan, targets, verdicts[index]),
    run: () => {
      plan.run(targets, uids)
    },
  }))
}

/** The same actions, by their keys and in the palette. */
export function useActionCommands(actions: readonly Action[], section: string): void {
  useCommands(
    actions.map(({ id, title, keys, refusal, run }) => ({
      id: `action-${id}`,
      title,
      ...(keys && { keys }),
      section,
      refusal,
      run,
    })),
  )
}

function useReason() {
  const t = useTexts('actions')
  const refusal = useRefusal()
  return (plan: ActionPlan, targets: readonly ObjectRef[], verdict: Verdict | undefined) => {
    const [target] = targets
    if (plan.single && targets.length > 1) return t('onlyOne')
    if (plan.id === 'remove' && targets.length > 1 && target && isGuarded(target))
      return t('guardedOne')
    return refusal(verdict)
  }
}

const sameScope = (a: ObjectRef, b: ObjectRef) =>
  a.cluster === b.cluster && a.profile === b.profile && a.namespace === b.namespace
