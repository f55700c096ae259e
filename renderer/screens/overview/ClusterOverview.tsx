import { useQuery } from '@tanstack/react-query'
import type { Place } from '#gateway/place.ts'
import { LocalTerminalButton } from '../../app/LocalTerminalDoor.tsx'
import { useClusterName } from '../../app/places.ts'
import { countText } from '../../components/amounts.ts'
import { ErrorPanel } from '../../components/ErrorPanel.tsx'
import { kindsOf } from '../../data/kinds.ts'
import { useTexts } from '../../texts/texts.ts'
import { Capacity } from './Capacity.tsx'
import { Failing } from './Failing.tsx'
import { KindCounts } from './KindCounts.tsx'
import { Warnings } from './Warnings.tsx'
import styles from './overview.module.css'

export function ClusterOverview({ place, several }: { place: Place; several: boolean }) {
  const t = useTexts('overview')
  const name = useClusterName()(place.cluster)
  const { data, error, refetch } = useQuery(kindsOf(place))
  if (error)
    return (
      <ErrorPanel
        title={t('unreachable', { cluster: name })}
        detail={error.message}
        action={{ label: t('retry'), run: () => void refetch() }}
      />
    )
  const custom = data?.kinds.filter((it) => it.group.includes('.') && !it.group.endsWith('k8s.io'))
  return (
    <section className={styles['cluster']} aria-label={name}>
      <p className={styles['line']}>
        {several && <b>{name}</b>}
        {data && <span>{t('version', { version: data.version })}</span>}
        {data && (
          <span>
            {t('kinds', {
              kinds: countText(data.kinds.length),
              custom: countText(custom?.length ?? 0),
            })}
          </span>
        )}
        <span className={styles['beside']}>
          <LocalTerminalButton place={place} />
        </span>
      </p>
      <Capacity place={place} />
      <KindCounts place={place} />
      <div className={styles['columns']}>
        <Failing place={place} />
        <Warnings place={place} />
      </div>
    </section>
  )
}
