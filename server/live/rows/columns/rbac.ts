import { binding, clusterRole, role, type Binding, type ClusterRole } from '../fields/rbac.ts'
import { column, extra, model } from '../model.ts'
import { age, selectorText } from './shared.ts'

const rules = column('rules', 'Rules', 'number', (it: ClusterRole) => it.rules?.length ?? 0)

export const roles = model(role, { columns: [rules, age] })

export const clusterRoles = model(clusterRole, {
  columns: [
    rules,
    age,
    extra(
      'aggregates',
      'Made of',
      'text',
      (it: ClusterRole) =>
        it.aggregationRule?.clusterRoleSelectors?.map(selectorText).join('; ') || undefined,
    ),
  ],
})

function subjectsOf({ subjects }: Binding): string | undefined {
  const texts = subjects
    ?.slice(0, 50)
    .map(({ kind, name, namespace }) => `${kind} ${namespace ? `${namespace}/` : ''}${name}`)
  return texts?.join(', ') || undefined
}

/** RoleBindings and ClusterRoleBindings alike. */
export const bindings = model(binding, {
  columns: [
    column('role', 'Role', 'text', ({ roleRef }: Binding) =>
      roleRef ? `${roleRef.kind}/${roleRef.name}` : undefined,
    ),
    column('subjects', 'For', 'text', subjectsOf),
    age,
  ],
})
