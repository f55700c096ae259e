import { useQuery } from '@tanstack/react-query'
import type { ClusterEvent } from '#gateway/objects.ts'
import type { ObjectRef } from '#gateway/place.ts'
import { Age } from '../../components/Age.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { eventsOf } from '../../data/objects.ts'
import { useTexts } from '../../texts/texts.ts'
import { Section } from './Section.tsx'
import type { Shape } from './shape.ts'
import styles from './drawer.module.css'

interface EventsProps {
  readonly target: ObjectRef
  readonly object: Shape
  readonly kind: string
}

function useEvents({ target, object, kind }: EventsProps) {
  const { cluster, profile, namespace, name } = target
  const uid = object.metadata?.uid
  return useQuery(
    eventsOf({
      cluster,
      profile,
      kind,
      name,
      ...(namespace && { namespace }),
      ...(uid && { uid }),
    }),
  )
}

/** Events beside other things; the whole of them have a tab of their own. */
const most = 8

/** What the cluster said of it lately, among other things. */
export function EventList(props: EventsProps & { short: true }) {
  const t = useTexts('drawer')
  const { data } = useEvents(props)
  if (!data || (!data.forbidden && data.events.length === 0)) return null
  return (
    <Section title={t('events')} count={data.events.length} andMore={data.truncated}>
      {data.forbidden ? (
        <p className={styles['note']}>{t('eventsForbidden')}</p>
      ) : (
        <>
          <Lines events={data.events.slice(0, most)} />
          {(data.truncated || data.events.length > most) && (
            <p className={styles['note']}>{t('eventsNewest', { count: most })}</p>
          )}
        </>
      )}
    </Section>
  )
}

export function Events(props: EventsProps) {
  const t = useTexts('drawer')
  const { data, error } = useEvents(props)
  if (error) return <p className={styles['note']}>{error.message}</p>
  if (!data) return <Loading />
  if (data.forbidden) return <EmptyState title={t('eventsForbidden')} />
  if (data.events.length === 0)
    return <EmptyState title={t('noEvents')} detail={t('noEventsDetail')} />
  return (
    <>
      {data.truncated && (
        <p className={styles['note']}>{t('eventsCut', { count: data.events.length })}</p>
      )}
      <Lines events={data.events} />
    </>
  )
}

function Lines({ events }: { events: readonly ClusterEvent[] }) {
  return (
    <ul className={styles['events']}>
      {events.map((it) => (
        <li key={`${it.reason} ${it.message} ${it.lastAt ?? ''}`}>
          <StatusMark tone={it.type === 'Warning' ? 'warning' : 'done'} label={it.type} />
          <div>
            <b>{it.reason}</b> {it.message}
          </div>
          <span className={styles['quiet']}>
            {it.count > 1 && `${String(it.count)}× `}
            {it.lastAt && <Age at={Date.parse(it.lastAt)} />}
          </span>
        </li>
      ))}
    </ul>
  )
}
