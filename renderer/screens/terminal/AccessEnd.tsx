import { useQuery } from '@tanstack/react-query'
import type { Place, Tone } from '#gateway/place.ts'
import { ageText } from '../../components/amounts.ts'
import { useClockText } from '../../components/clock.ts'
import { PaneNote } from '../../components/PaneBar.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { contextsOfPerson } from '../../data/contexts.ts'
import { useTexts } from '../../texts/texts.ts'
import { toneLeft } from './tone-left.ts'

/** How long the person may still be here, where their grants have an end. */
export function AccessEnd({ place: { cluster, profile } }: { place: Place }) {
  const { data } = useQuery(contextsOfPerson)
  const context = data?.find((it) => it.clusterId === cluster && it.profileName === profile)
  if (context?.expiresAt === undefined) return null
  return <Countdown end={Date.parse(context.expiresAt)} />
}

function Countdown({ end }: { end: number }) {
  const t = useTexts('terminal')
  const text = useClockText((now) => t('accessEnds', { time: ageText(end - now) }))
  const tone = useClockText((now) => toneLeft(end - now)) as Tone
  return (
    <PaneNote>
      <StatusMark tone={tone} /> {text}
    </PaneNote>
  )
}
