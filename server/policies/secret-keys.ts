import type { GrantedScope } from '../access/index.ts'

/**
 * The scopes for a question whose answer holds the keys of Secrets and no value: what Secrets there are is an
 * object like others, under its plain verb; the capability guards the values. Never for what is sent on whole.
 */
export const forKeysOnly = (scopes: readonly GrantedScope[]): GrantedScope[] =>
  scopes.map((it) => ({
    ...it,
    scope: { ...it.scope, capabilities: [...it.scope.capabilities, 'secrets'] },
  }))
