import type { ViewState } from '../../data/views.ts'

type Numbers = Pick<ViewState, 'status' | 'freshness' | 'error'>

/** Why numbers may not be taken at their word; undefined while they are live. */
export function doubtOf({ status, freshness, error }: Numbers) {
  if (status === 'failed') {
    const isRefused = error?.code === 'forbidden'
    return {
      status: isRefused ? ('forbidden' as const) : ('failed' as const),
      reason: error?.message,
    }
  }
  const worst = freshness.find((it) => it.status !== 'live')
  if (!worst || worst.status === 'live') return undefined
  return { status: worst.status, reason: worst.reason, since: worst.since }
}

type Doubt = NonNullable<ReturnType<typeof doubtOf>> & { readonly what: string }

/** The doubts of several numbers, those that say the same in one; a refusal is told once, for all it covers. */
export function doubtsOf(
  views: readonly { readonly view: Numbers; readonly what: string }[],
): readonly Doubt[] {
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
