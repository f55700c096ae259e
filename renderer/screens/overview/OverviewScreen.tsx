import type { Place } from '#gateway/place.ts'
import { ClusterOverview } from './ClusterOverview.tsx'
import styles from './overview.module.css'

/** How the clusters are that one looks at: what fails first, then how full they are. */
export function OverviewScreen({ places }: { places: readonly Place[] }) {
  return (
    <div className={styles['page']}>
      {places.map((it) => (
        <ClusterOverview
          key={`${it.cluster}@${it.profile}`}
          place={it}
          several={places.length > 1}
        />
      ))}
    </div>
  )
}
