import type { Person } from '#gateway/persons.ts'

/** What can become of an account, one at a time. */
export type Step = 'enable' | 'disable' | 'promote' | 'demote'

interface Asked {
  readonly change: { readonly admin?: boolean; readonly disabled?: boolean }
  readonly title: `${Step}Title`
  readonly text: `${Step}Text` | 'disableOwnText' | 'demoteOwnText'
  readonly action: 'personEnable' | 'personDisable' | 'personPromote' | 'personDemote'
  readonly danger: boolean
}

const steps = {
  enable: {
    change: { disabled: false },
    title: 'enableTitle',
    text: 'enableText',
    action: 'personEnable',
    danger: false,
  },
  disable: {
    change: { disabled: true },
    title: 'disableTitle',
    text: 'disableText',
    action: 'personDisable',
    danger: true,
  },
  promote: {
    change: { admin: true },
    title: 'promoteTitle',
    text: 'promoteText',
    action: 'personPromote',
    danger: true,
  },
  demote: {
    change: { admin: false },
    title: 'demoteTitle',
    text: 'demoteText',
    action: 'personDemote',
    danger: true,
  },
} as const satisfies Record<Step, Asked>

/** How a step is asked about; whoever takes something from themselves is told what that means. */
export function stepOf(step: Step, isOwn: boolean): Asked {
  if (isOwn && step === 'disable') return { ...steps.disable, text: 'disableOwnText' }
  if (isOwn && step === 'demote') return { ...steps.demote, text: 'demoteOwnText' }
  return steps[step]
}

/** The steps that would change something. */
export const stepsFor = ({ admin, disabled }: Person): readonly Step[] => [
  admin ? 'demote' : 'promote',
  disabled ? 'enable' : 'disable',
]
