import type { Freshness } from '#gateway/views.ts'
import { isUnreadable } from '../../data/view-state.ts'
import type { ViewState } from '../../data/views.ts'

type Numbers = Pick<ViewState, 'status' | 'freshness' | 'error'>

/** The first is the worst. */
const order = ['unread', 'stale', 'relisting', 'missing', 'forbidden', 'loading'] as const

/** Why numbers may not be taken at their word; undefined while they are live. */
export function doubtOf({ status, freshness, error }: Numbers) {
  if (status === 'failed') {
    const isRefused = error?.code === 'forbidden'
    return {
      status: isRefused ? ('forbidden' as const) : ('failed' as const),
      reason: error?.message,
    }
  }
  if (freshness.length === 0) return { status: 'loading' as const, reason: undefined }
  const parts = freshness.flatMap(partOf).sort((a, b) => a.rank - b.rank)
  const [worst] = parts
  if (!worst) return undefined
  const { reason, since } = worst.it
  return { status: worst.status, reason, since }
}

function partOf(it: Freshness) {
  if (it.status === 'live') return []
  const status: (typeof order)[number] = isUnreadable(it) ? 'unread' : it.status
  return [{ it, status, rank: order.indexOf(status) }]
}

/** What stands where numbers are not known: they may still come, or never will. */
export function unknownText(view: Numbers): '…' | '—' | undefined {
  switch (doubtOf(view)?.status) {
    case 'forbidden':
    case 'missing':
      return '—'
    case 'failed':
    case 'loading':
    case 'unread':
      return '…'
    default:
      return undefined
  }
}

type Doubt = NonNullable<ReturnType<typeof doubtOf>> & { readonly what: string }

interface Looked {
  readonly view: Numbers
  readonly what: string
}

/** Whether one can say of something that was not found that it is not there. */
export function surenessOf(views: readonly Looked[]): 'sure' | 'reading' | 'doubtful' {
  const doubts = views.flatMap(({ view }) => doubtOf(view) ?? [])
  if (doubts.length === 0) return 'sure'
  return doubts.every((it) => it.status === 'loading') ? 'reading' : 'doubtful'
}

/** The doubts of several numbers, those that say the same in one; a refusal is told once, for all it covers. */
export function doubtsOf(views: readonly Looked[]): readonly Doubt[] {
  const found: Doubt[] = []
  for (const { view, what } of views) {
    const doubt = doubtOf(view)
    if (!doubt || doubt.status === 'loading') continue
    const at = found.findIndex(
      (it) =>
        it.status === doubt.status && (it.reason === doubt.reason || it.status === 'forbidden'),
    )
    const same = found[at]
    if (same) found[at] = { ...same, what: `${same.what}, ${what}` }
    else found.push({ ...doubt, what })
  }
  return found
}
