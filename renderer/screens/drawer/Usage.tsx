import { useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useMemo, useState } from 'react'
import type { ObjectRef } from '#gateway/place.ts'
import { named } from '../../app/lazy.ts'
import { ageText, bytesText, cpuText } from '../../components/amounts.ts'
import { Meter } from '../../components/Meter.tsx'
import { Since } from '../../components/Since.tsx'
import { isMeasured, usageOf } from '../../data/metrics.ts'
import type { UsageSample } from '../../data/usage.ts'
import { useTexts } from '../../texts/texts.ts'
import { Section } from './Section.tsx'
import type { Shape } from './shape.ts'
import { boundOf, lineOf, type Bound, type Measure } from './usage-line.ts'
import styles from './Usage.module.css'

const LineChart = named(() => import('../../components/chart/LineChart.tsx'), 'LineChart')

interface UsageProps {
  readonly target: ObjectRef
  readonly object: Shape
}

/** What a pod or node uses now, against what it may, and since it is looked at. */
export function Usage({ target, object }: UsageProps) {
  const t = useTexts('drawer')
  const { data } = useQuery(usageOf(target))
  if (!isMeasured(target) || !data) return null
  const { unavailable, latest, samples } = data
  const at = samples.at(-1)?.at
  return (
    <Section title={t('usage')}>
      {unavailable !== undefined && <p className={styles['note']}>{unavailable}</p>}
      {unavailable === undefined && !latest && <p className={styles['note']}>{t('unmeasured')}</p>}
      {at !== undefined && (
        <>
          <div className={styles['measures']}>
            {(['cpu', 'memory'] as const).map((it) => (
              <MeasureLine
                key={it}
                measure={it}
                samples={samples}
                bound={boundOf(target, object, it)}
              />
            ))}
          </div>
          <p className={styles['note']}>
            <Since at={at} text={(age) => t('measuredAgo', { age })} />
          </p>
        </>
      )}
    </Section>
  )
}

interface MeasureLineProps {
  readonly measure: Measure
  readonly samples: readonly UsageSample[]
  readonly bound: Bound | undefined
}

function MeasureLine({ measure, samples, bound }: MeasureLineProps) {
  const t = useTexts('drawer')
  const scheme = useComputedColorScheme('light')
  const [pointed, setPointed] = useState<number>()
  const line = useMemo(() => lineOf(samples, measure), [samples, measure])
  const text = measure === 'cpu' ? cpuText : bytesText
  const numbers = samples.map((it) => it[measure])
  const now = numbers.at(-1) ?? 0
  const title = t(measure)
  const [from, to] = line.span
  const shown = pointed === undefined ? now : (line.values[pointed] ?? now)
  const time = pointed === undefined ? undefined : line.times[pointed]
  return (
    <figure className={styles['measure']}>
      <figcaption>
        <b>{title}</b>
        <span className={styles['value']}>
          <Meter text={text(shown)} {...(bound && { share: shown / bound.amount })} />
        </span>
        <span className={styles['quiet']}>
          {bound &&
            t(`share.${bound.kind}`, {
              share: Math.round((shown / bound.amount) * 100),
              amount: text(bound.amount),
            })}
        </span>
      </figcaption>
      <Suspense fallback={<div className={styles['waiting']} />}>
        <LineChart
          {...line}
          bound={bound?.amount}
          scheme={scheme}
          onPoint={setPointed}
          label={t('usageLine', {
            title,
            time: ageText((to - (line.times[0] ?? to)) * 1000),
            least: text(Math.min(...numbers)),
            most: text(Math.max(...numbers)),
            now: text(now),
          })}
        />
      </Suspense>
      <p className={styles['axis']} aria-hidden>
        <span>{t('before', { age: ageText((to - from) * 1000) })}</span>
        <span>
          {time === undefined
            ? t('highest', { amount: text(Math.max(...numbers)) })
            : t('before', { age: ageText((to - time) * 1000) })}
        </span>
      </p>
    </figure>
  )
}
