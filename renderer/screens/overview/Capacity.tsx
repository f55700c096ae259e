import { useQuery } from '@tanstack/react-query'
import type { Place } from '#gateway/place.ts'
import { bytesText, countText, cpuText } from '../../components/amounts.ts'
import { nodeUsageOf } from '../../data/metrics.ts'
import { useTexts } from '../../texts/texts.ts'
import { Doubt } from './Doubt.tsx'
import { doubtOf, doubtsOf, unknownText } from './doubts.ts'
import { kinds, useNumbers } from './use-sums.ts'
import styles from './overview.module.css'

/** What there is, what is promised of it, and what is used. */
export function Capacity({ place }: { place: Place }) {
  const t = useTexts('overview')
  const nodes = useNumbers(place, kinds.nodes)
  const pods = useNumbers(place, kinds.pods)
  const { data: usage } = useQuery(nodeUsageOf(place))
  const used = usage?.status === 'measured' ? usage.items : undefined
  const sum = (key: 'cpu' | 'memory') => used?.reduce((all, it) => all + it[key], 0)
  const most = {
    cpu: nodes.sums['cpuAllocatable'] ?? 0,
    memory: nodes.sums['memoryAllocatable'] ?? 0,
    pods: nodes.sums['pods'] ?? 0,
  }
  const doubts = doubtsOf([
    { view: nodes, what: t('nodes') },
    { view: pods, what: t('pods') },
  ])
  // Who may not list nodes may not measure them either, for the same reason.
  const isRefused = doubtOf(nodes)?.status === 'forbidden'
  const unknown = unknownText(pods)
  return (
    <div className={styles['capacity']}>
      <Measure
        title={t('cpu')}
        most={most.cpu}
        unknown={unknown}
        promised={pods.sums['cpuRequests'] ?? 0}
        used={sum('cpu')}
        text={cpuText}
      />
      <Measure
        title={t('memory')}
        most={most.memory}
        unknown={unknown}
        promised={pods.sums['memoryRequests'] ?? 0}
        used={sum('memory')}
        text={bytesText}
      />
      <Measure
        title={t('pods')}
        most={most.pods}
        unknown={unknown}
        promised={pods.total}
        used={undefined}
        text={countText}
      />
      {doubts.map((it) => (
        <Doubt key={`${it.status} ${it.what}`} doubt={it} />
      ))}
      {usage?.status === 'unavailable' && !isRefused && (
        <p className={styles['note']}>{usage.reason}</p>
      )}
    </div>
  )
}

interface MeasureProps {
  readonly title: string
  readonly most: number
  /** Stands where it is not known what is promised. */
  readonly unknown: string | undefined
  readonly promised: number
  readonly used: number | undefined
  readonly text: (value: number) => string
}

function Measure({ title, most, unknown, promised, used, text }: MeasureProps) {
  const t = useTexts('overview')
  const width = (value: number) => ({
    width: `${String(most === 0 ? 0 : Math.min(100, (value / most) * 100))}%`,
  })
  const percent = (value: number) =>
    most === 0 ? '' : `, ${String(Math.round((value / most) * 100))} %`
  return (
    <div className={styles['measure']}>
      <p>
        <b>{title}</b>
        <span>{most > 0 && t('of', { most: text(most) })}</span>
      </p>
      <div className={styles['bar']} aria-hidden>
        <i
          className={styles['promised']}
          data-over={unknown === undefined && most > 0 && promised > most}
          style={width(unknown === undefined ? promised : 0)}
        />
        {used !== undefined && <i className={styles['used']} style={width(used)} />}
      </div>
      <p className={styles['legend']}>
        <span data-of="promised">
          {t(used === undefined && title === t('pods') ? 'running' : 'promised', {
            amount: unknown ?? text(promised),
            share: unknown === undefined ? percent(promised) : '',
          })}
        </span>
        {used !== undefined && (
          <span data-of="used">{t('used', { amount: text(used), share: percent(used) })}</span>
        )}
      </p>
    </div>
  )
}
