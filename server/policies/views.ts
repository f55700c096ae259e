import type { GrantedScope } from '../access/index.ts'
import type { ResourceInfo } from '../proxy/request-info.ts'
import { decide, type Decision } from './scope.ts'
import { forKeysOnly } from './secret-keys.ts'

interface Rights {
  readonly scopes: readonly GrantedScope[]
  readonly keeperNamespace?: string | null
}

/**
 * Decides what a view may list. Of a Secret it shows the names of its keys and nothing else, so that the plain verb is
 * enough; its values need the capability.
 */
export function decideView(info: ResourceInfo, rights: Rights, now: number): Decision {
  return decide(info, { ...rights, scopes: forKeysOnly(rights.scopes) }, now)
}
