import type { AdminApi } from './admin-api.ts'

interface NodeState {
  readonly spec?: { readonly taints?: readonly { readonly key: string }[] }
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly lastHeartbeatTime?: string
    }[]
  }
}

/** Ready, and nothing keeps pods away; a state from before `since` is that of an earlier run. */
export async function isNodeReady(api: AdminApi, name: string, since?: Date): Promise<boolean> {
  const answer = await api.call(`/api/v1/nodes/${name}`)
  if (answer.status !== 200) return false
  const { spec, status } = answer.body as NodeState
  const ready = status?.conditions?.find((it) => it.type === 'Ready')
  // The heartbeat is told in whole seconds.
  const fresh = !since || Date.parse(ready?.lastHeartbeatTime ?? '') >= since.getTime() - 1_000
  return ready?.status === 'True' && fresh && (spec?.taints ?? []).length === 0
}
