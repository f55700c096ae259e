import type { ViewQuery } from '../../../../server/contract/views.ts'

/** All pods of the lab’s cluster. */
export const pods: Pick<ViewQuery, 'sources' | 'group' | 'version' | 'resource'> = {
  sources: [{ cluster: 'lab', profile: 'viewer' }],
  group: '',
  version: 'v1',
  resource: 'pods',
}
