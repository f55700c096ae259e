import type { Place } from '#gateway/place.ts'
import { useTexts } from '../../texts/texts.ts'
import { clusterColor } from '../cluster-color.ts'
import { placeText } from '../route-text.ts'
import styles from './ResultList.module.css'

/** In which clusters something is about to be done, and by which profiles: also when there is only one. */
export function ActionPlace({ places }: { places: readonly Place[] }) {
  const t = useTexts('actions')
  const distinct = new Map(places.map((it) => [placeText(it), it]))
  return (
    <ul className={styles['places']} aria-label={t('places')}>
      {[...distinct].map(([key, { cluster, profile }]) => (
        <li key={key}>
          <span
            className={styles['color']}
            style={{ background: clusterColor(cluster) }}
            aria-hidden
          />
          {t('place', { cluster, profile })}
        </li>
      ))}
    </ul>
  )
}
