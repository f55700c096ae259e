import type { ObjectRef } from '#gateway/place.ts'
import { useMay, type Verdict } from '../../data/rights.ts'
import { kindName } from '../../data/kinds.ts'
import { useTexts } from '../../texts/texts.ts'
import { useCommands } from '../commands.ts'
import { isGuarded, plansFor, type ActionId, type ActionPlan, type Halting } from './plans.ts'

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

const nowhere = { cluster: 'none', profile: 'none' }

/**
 * Actions on what is selected. None is hidden for want of a right: a refusal says what is missing. Of a
 * pair like suspend and resume only one makes sense, where it is known what the objects do now; and logs of a
 * life before only where there was one.
 */
export function useActions(
  targets: readonly ObjectRef[],
  halting?: Halting,
  restarted = true,
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
  const refuse = useRefusal()
  return plans.map((plan, index) => ({
    id: plan.id,
    title: t(`do.${plan.id}`),
    ...(plan.keys && { keys: plan.keys }),
    danger: plan.danger === true,
    single: plan.single === true,
    refusal: refuse(plan, targets, verdicts[index]),
    run: () => {
      plan.run(targets)
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

function useRefusal() {
  const t = useTexts('actions')
  return (plan: ActionPlan, targets: readonly ObjectRef[], verdict: Verdict | undefined) => {
    const [target] = targets
    if (plan.single && targets.length > 1) return t('onlyOne')
    if (plan.id === 'remove' && targets.length > 1 && target && isGuarded(target))
      return t('guardedOne')
    // Until it is known, the gateway itself answers.
    if (verdict?.status !== 'refused') return undefined
    const { verb, subresource, namespace } = verdict.ask
    const what = kindName(verdict.ask) + (subresource ? `/${subresource}` : '')
    const missing = namespace
      ? t('missingIn', { verb, what, namespace })
      : t('missing', { verb, what })
    return verdict.reason ? `${missing}\n${verdict.reason}` : missing
  }
}

const sameScope = (a: ObjectRef, b: ObjectRef) =>
  a.cluster === b.cluster && a.profile === b.profile && a.namespace === b.namespace
