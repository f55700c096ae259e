import { invalidField } from '../contract/errors.ts'

/** Kinds on which many things depend; whoever deletes one types its name. */
const confirmed: ReadonlySet<string> = new Set([
  'namespaces',
  'nodes',
  'persistentvolumes',
  'customresourcedefinitions.apiextensions.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'storageclasses.storage.k8s.io',
])

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
  if (!dry && confirmed.has(kind) && confirm !== name)
    throw invalidField('confirm', `type the name "${name}" to delete it from ${kind}`)
}
