import { isUnread, isUnreadable, type ViewState } from '../../data/view-state.ts'

/** Why a list shows no rows; `none` alone says that nothing is there. */
export type Emptiness = 'filled' | 'waiting' | 'failed' | 'forbidden' | 'unread' | 'none'

type Seen = Pick<ViewState, 'status' | 'total' | 'freshness'>

export function emptinessOf({ status, total, freshness }: Seen): Emptiness {
  if (status === 'failed') return 'failed'
  if (status === 'opening' || freshness.length === 0) return 'waiting'
  if (total > 0) return 'filled'
  if (freshness.every((it) => it.status === 'forbidden')) return 'forbidden'
  if (freshness.some(isUnreadable)) return 'unread'
  return freshness.some(isUnread) ? 'waiting' : 'none'
}
