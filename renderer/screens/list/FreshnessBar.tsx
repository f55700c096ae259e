import type { Tone } from '#gateway/place.ts'
import type { Freshness } from '#gateway/views.ts'
import { placeText } from '../../app/route-text.ts'
import type { ListRoute } from '../../app/route.ts'
import { Since } from '../../components/Since.tsx'
import { StaleBar, type StaleLine } from '../../components/StaleBar.tsx'
import { kindName } from '../../data/kinds.ts'
import { isUnreadable } from '../../data/view-state.ts'
import { useTexts } from '../../texts/texts.ts'

const tones: Readonly<Record<Exclude<Freshness['status'], 'live'>, Tone>> = {
  loading: 'progress',
  relisting: 'progress',
  stale: 'warning',
  forbidden: 'failed',
  missing: 'done',
}

/** What of the list is not live, where, since when and why. */
export function FreshnessBar(props: { freshness: readonly Freshness[]; route: ListRoute }) {
  const { freshness, route } = props
  const t = useTexts('list')
  const lines = freshness.flatMap((it): StaleLine[] => {
    if (it.status === 'live' || it.status === 'loading') return []
    const place = route.places[it.source]
    const cluster = place ? placeText(place) : ''
    const where = it.namespace ? `${cluster} / ${it.namespace}` : cluster
    const { status, since, reason } = it
    const key = isUnreadable(it) ? 'unread' : status
    const say = (age: string) => t(`fresh.${key}`, { where, age, kind: kindName(route.kind) })
    const text = (
      <>
        {since === undefined ? say('') : <Since at={since} text={say} />}
        {reason && ` ${reason}`}
      </>
    )
    return [{ key: `${String(it.source)}/${it.namespace ?? ''}`, tone: tones[status], text }]
  })
  return <StaleBar lines={lines} label={t('freshness')} />
}
