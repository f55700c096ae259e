import type { Capability, Preset, Scope } from '../contract/grants.ts'
import { invalidField } from '../contract/errors.ts'
import { presets } from './presets.ts'

interface Asked {
  readonly preset?: Preset | undefined
  readonly namespaces?: Scope['namespaces']
  readonly rules?: Scope['rules'] | undefined
  readonly capabilities?: readonly Capability[] | undefined
}

/**
 * What a grant allows: what was named, else what the preset says. Naming capabilities replaces the
 * preset’s, so that a grant never has one that nobody asked for.
 * @throws AppError invalid_input when neither preset nor rules say what is allowed
 */
export function scopeOf({ preset, namespaces, rules, capabilities }: Asked): Scope {
  const meaning = preset && presets[preset]
  const allowed = rules ?? meaning?.rules
  if (!allowed) throw invalidField('preset', 'name a preset, or the rules that apply')
  return {
    ...(namespaces && { namespaces: unique(namespaces) }),
    rules: [...allowed],
    capabilities: unique(capabilities ?? meaning?.capabilities ?? []),
  }
}

/** @throws AppError invalid_input for an end that is already over */
export function endOf(expiresAt: string | undefined, now: number): Date | null {
  if (expiresAt === undefined) return null
  const end = new Date(expiresAt)
  if (end.getTime() > now) return end
  throw invalidField('expiresAt', 'is in the past')
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)]
