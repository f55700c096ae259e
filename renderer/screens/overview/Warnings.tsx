import { useQuery } from '@tanstack/react-query'
import type { Place } from '#gateway/place.ts'
import { hrefOf } from '../../app/route.ts'
import { Age } from '../../components/Age.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { eventsOf } from '../../data/objects.ts'
import { useTexts } from '../../texts/texts.ts'
import { kinds } from './use-sums.ts'
import styles from './overview.module.css'

const shown = 30

/** What the cluster warned of lately, newest first. */
export function Warnings({ place }: { place: Place }) {
  const t = useTexts('overview')
  const { data, error } = useQuery(eventsOf({ cluster: place.cluster, profile: place.profile }))
  const warnings = data?.events.filter((it) => it.type === 'Warning').slice(0, shown)
  return (
    <section className={styles['panel']}>
      <h2>
        {t('warnings')}
        <a href={hrefOf({ screen: 'list', places: [place], kind: kinds.events })}>
          {t('allEvents')}
        </a>
      </h2>
      {error && <p className={styles['note']}>{error.message}</p>}
      {data?.forbidden && <p className={styles['note']}>{t('eventsForbidden')}</p>}
      {warnings?.length === 0 && !data?.forbidden && (
        <p className={styles['note']}>{t('noWarnings')}</p>
      )}
      <ul className={styles['warnings']}>
        {warnings?.map((it) => (
          <li key={`${it.namespace ?? ''} ${it.object} ${it.reason} ${it.message}`}>
            <StatusMark tone="warning" />
            <div>
              <b>{it.reason}</b>{' '}
              <span className={styles['where']}>
                {it.namespace && `${it.namespace} / `}
                {it.object}
              </span>
              <p>{it.message}</p>
            </div>
            <span className={styles['where']}>
              {it.count > 1 && `${String(it.count)}× `}
              {it.lastAt && <Age at={Date.parse(it.lastAt)} />}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
