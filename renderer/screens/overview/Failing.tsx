import type { KindRef, Place } from '#gateway/place.ts'
import type { Row, StatusCell } from '#gateway/views.ts'
import { hrefOf } from '../../app/route.ts'
import { countText } from '../../components/amounts.ts'
import { Status } from '../../components/Status.tsx'
import { useView, type ViewState } from '../../data/views.ts'
import { useTexts } from '../../texts/texts.ts'
import { kinds, useNumbers } from './use-sums.ts'
import styles from './overview.module.css'

const watched = [
  'nodes',
  'pods',
  'deployments',
  'statefulSets',
  'daemonSets',
  'jobs',
  'claims',
] as const
const shown = 8

/** What is failing, and why: a few of each kind. */
export function Failing({ place }: { place: Place }) {
  const t = useTexts('overview')
  return (
    <section className={styles['panel']}>
      <h2>{t('failing')}</h2>
      <ul className={styles['failing']}>
        {watched.map((it) => (
          <FailingKind key={it} place={place} kind={kinds[it]} title={t(it)} />
        ))}
      </ul>
      <p className={styles['allWell']}>{t('allWell')}</p>
    </section>
  )
}

function FailingKind({ place, kind, title }: { place: Place; kind: KindRef; title: string }) {
  const t = useTexts('overview')
  const numbers = useNumbers(place, kind)
  const { facets } = numbers
  const statuses = facets.filter((it) => it.tone === 'failed').map((it) => it.status)
  const wanted = statuses.length > 0
  const view = useView(
    wanted
      ? {
          sources: [place],
          ...kind,
          statuses: statuses.slice(0, 50),
          sort: [],
          offset: 0,
          limit: shown,
        }
      : undefined,
  )
  // Until all has been read, nobody can say that nothing is failing.
  if (unread(numbers)) return <li style={{ display: 'none' }} />
  if (!wanted || view.total === 0) return null
  const rows = view.order.flatMap((id) => view.rows.get(id) ?? [])
  const list = { screen: 'list' as const, places: [place], kind, statuses }
  const more = view.total - rows.length
  return (
    <>
      {rows.map((row) => (
        <li key={row.id}>
          <a
            href={hrefOf({
              screen: 'list',
              places: [place],
              kind,
              // The list behind it is not narrowed: whoever closes the object sees all the others.
              open: { name: row.name, ...(row.namespace && { namespace: row.namespace }) },
            })}
          >
            {row.name}
          </a>
          <span className={styles['where']}>{row.namespace ?? title}</span>
          <Why row={row} />
        </li>
      ))}
      {more > 0 && (
        <li>
          <a href={hrefOf(list)}>{t('moreFailing', { more: countText(more), kind: title })}</a>
        </li>
      )}
    </>
  )
}

const unread = ({ status, freshness, error }: ViewState) =>
  status === 'opening' ||
  (status === 'failed' && error?.code !== 'forbidden') ||
  freshness.some((it) => it.status === 'loading')

const isStatus = (cell: unknown): cell is StatusCell => cell !== null && typeof cell === 'object'

function Why({ row }: { row: Row }) {
  const status = row.cells.find(isStatus)
  if (!status) return null
  const { text, tone, reason } = status
  return (
    <span className={styles['why']}>
      <Status tone={tone} text={text} {...(reason !== undefined && { reason })} />
      {reason && <small>{reason}</small>}
    </span>
  )
}
