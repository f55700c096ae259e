import { invalidField } from '../contract/errors.ts'
import { isGuarded } from '../contract/removal.ts'

interface Removal {
  readonly group: string
  readonly resource: string
  readonly name: string
  readonly confirm?: string | undefined
  readonly dry: boolean
}

/** @throws AppError invalid_input for what was not confirmed. */
export function checkRemoval({ group, resource, name, confirm, dry }: Removal): void {
  const kind = `${resource}${group && `.${group}`}`
  if (!dry && isGuarded({ group, resource }) && confirm !== name)
    throw invalidField('confirm', `type the name "${name}" to delete it from ${kind}`)
}
