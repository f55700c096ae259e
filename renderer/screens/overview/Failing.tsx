import type { KindRef, Place } from '#gateway/place.ts'
import type { Row, StatusCell } from '#gateway/views.ts'
import { hrefOf } from '../../app/route.ts'
import { countText } from '../../components/amounts.ts'
import { Status } from '../../components/Status.tsx'
import { useView, type ViewState } from '../../data/views.ts'
import { useTexts } from '../../texts/texts.ts'
import { Doubt } from './Doubt.tsx'
import { doubtsOf, surenessOf } from './doubts.ts'
import { kinds, useNumbers } from './use-sums.ts'
import styles from './overview.module.css'

const shown = 8

/** What is failing, and why: a few of each kind; then what is not as it should be. */
export function Failing({ place }: { place: Place }) {
  const t = useTexts('overview')
  const watched = useWatched(place)
  const looked = watched.map(({ name, numbers }) => ({ view: numbers, what: t(name) }))
  const sureness = surenessOf(looked)
  const failing = watched.filter(({ numbers }) => numbers.tones.failed)
  const ailing = watched.filter(({ numbers }) => numbers.tones.warning)
  return (
    <section className={styles['panel']}>
      <h2>{t('failing')}</h2>
      {failing.length > 0 && (
        <ul className={styles['failing']}>
          {failing.map(({ name, numbers }) => (
            <FailingKind key={name} place={place} name={name} numbers={numbers} tone="failed" />
          ))}
        </ul>
      )}
      {failing.length === 0 && sureness !== 'doubtful' && (
        <p className={styles['note']}>{t(sureness === 'sure' ? 'allWell' : 'reading')}</p>
      )}
      {doubtsOf(looked).map((it) => (
        <Doubt key={`${it.status} ${it.what}`} doubt={it} />
      ))}
      {ailing.length > 0 && (
        <>
          <h3>{t('attention')}</h3>
          <ul className={styles['failing']}>
            {ailing.map(({ name, numbers }) => (
              <FailingKind key={name} place={place} name={name} numbers={numbers} tone="warning" />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

/** The kinds of which everybody wants to know that they are well. */
function useWatched(place: Place) {
  const nodes = useNumbers(place, kinds.nodes)
  const pods = useNumbers(place, kinds.pods)
  const deployments = useNumbers(place, kinds.deployments)
  const statefulSets = useNumbers(place, kinds.statefulSets)
  const daemonSets = useNumbers(place, kinds.daemonSets)
  const jobs = useNumbers(place, kinds.jobs)
  const claims = useNumbers(place, kinds.claims)
  return [
    { name: 'nodes', numbers: nodes },
    { name: 'pods', numbers: pods },
    { name: 'deployments', numbers: deployments },
    { name: 'statefulSets', numbers: statefulSets },
    { name: 'daemonSets', numbers: daemonSets },
    { name: 'jobs', numbers: jobs },
    { name: 'claims', numbers: claims },
  ] as const
}

interface KindProps {
  readonly place: Place
  readonly name: ReturnType<typeof useWatched>[number]['name']
  readonly numbers: ViewState
  readonly tone: 'failed' | 'warning'
}

function FailingKind({ place, name, numbers, tone }: KindProps) {
  const t = useTexts('overview')
  const kind = kinds[name]
  const title = t(name)
  const view = useView({
    sources: [place],
    ...kind,
    tones: [tone],
    sort: [],
    offset: 0,
    limit: shown,
  })
  if (view.status === 'opening') return null
  const rows = view.order.flatMap((id) => view.rows.get(id) ?? [])
  const all = view.status === 'open' ? view.total : (numbers.tones[tone] ?? 0)
  const more = all - rows.length
  const statuses = numbers.facets.filter((it) => it.tone === tone).map((it) => it.status)
  // What is a warning may have the status of what is well: only a list of all has every one of them.
  const narrowed = tone === 'failed' && statuses.length > 0 && { statuses }
  return (
    <>
      {rows.map((row) => (
        <FailingRow key={row.id} place={place} kind={kind} row={row} title={title} />
      ))}
      {more > 0 && (
        <li>
          <a href={hrefOf({ screen: 'list', places: [place], kind, ...narrowed })}>
            {t('moreFailing', { more: countText(more), kind: title })}
          </a>
        </li>
      )}
    </>
  )
}

interface RowProps {
  readonly place: Place
  readonly kind: KindRef
  readonly row: Row
  readonly title: string
}

function FailingRow({ place, kind, row, title }: RowProps) {
  const { name, namespace } = row
  // The list behind it is not narrowed: whoever closes the object sees all the others.
  const open = { name, ...(namespace && { namespace }) }
  return (
    <li>
      <a href={hrefOf({ screen: 'list', places: [place], kind, open })}>{name}</a>
      <span className={styles['where']}>{namespace ?? title}</span>
      <Why row={row} />
    </li>
  )
}

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
