import type { KindRef, Place } from '#gateway/place.ts'
import { hrefOf } from '../../app/route.ts'
import { countText } from '../../components/amounts.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { useTexts } from '../../texts/texts.ts'
import { doubtOf, unknownText } from './doubts.ts'
import { kinds, useNumbers } from './use-sums.ts'
import styles from './overview.module.css'

const counted = [
  'nodes',
  'pods',
  'deployments',
  'statefulSets',
  'daemonSets',
  'jobs',
  'claims',
] as const

/** How many of each there are and in which state; each number leads to its list. */
export function KindCounts({ place }: { place: Place }) {
  const t = useTexts('overview')
  return (
    <ul className={styles['counts']}>
      {counted.map((it) => (
        <KindCount key={it} place={place} kind={kinds[it]} title={t(it)} />
      ))}
    </ul>
  )
}

function KindCount({ place, kind, title }: { place: Place; kind: KindRef; title: string }) {
  const t = useTexts('overview')
  const numbers = useNumbers(place, kind)
  const route = { screen: 'list' as const, places: [place], kind }
  const unknown = unknownText(numbers)
  const facets = unknown === undefined ? numbers.facets : []
  return (
    <li>
      <a href={hrefOf(route)}>
        <span>{title}</span>
        <b>{unknown ?? countText(numbers.total)}</b>
      </a>
      <p>
        {doubtOf(numbers)?.status === 'forbidden' && t('noRight')}
        {facets
          .filter((it) => it.status !== '')
          .slice(0, 3)
          .map((it) => (
            <a
              key={it.status}
              className={styles['facet']}
              href={hrefOf({ ...route, statuses: [it.status] })}
            >
              <StatusMark tone={it.tone} />
              <span>{it.status}</span> {countText(it.count)}
            </a>
          ))}
      </p>
    </li>
  )
}
