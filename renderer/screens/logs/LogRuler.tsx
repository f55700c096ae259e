import { useCallback, useMemo } from 'react'
import styles from '../../components/logs/LogView.module.css'
import type { RulerBar } from '../../components/logs/ruler-bars.ts'
import { momentText, type TimeMode } from '../../components/logs/time-text.ts'
import { TimeRuler } from '../../components/logs/TimeRuler.tsx'
import type { LogFeed } from '../../data/logs/feed.ts'
import type { LogRow } from '../../data/logs/messages.ts'
import type { Ruler } from '../../data/logs/ruler.ts'
import { useTexts } from '../../texts/texts.ts'

interface LogRulerProps {
  readonly feed: LogFeed | undefined
  readonly ruler: Ruler | undefined
  readonly rows: readonly LogRow[]
  readonly following: boolean
  readonly times: TimeMode
  readonly onSought: (index: number) => void
}

const number = new Intl.NumberFormat('en')
const day = 86_400_000

/** When the lines that are shown came. Before there are any, the strip is empty, so that nothing moves. */
export function LogRuler({ feed, ruler, rows, following, times, onSought }: LogRulerProps) {
  const t = useTexts('logs')
  const wordsFor = useWords(ruler, times)
  const seek = useCallback(
    (at: number) => {
      void feed?.seek(at).then((index) => {
        if (index !== undefined) onSought(index)
      })
    },
    [feed, onSought],
  )
  if (!ruler) return <div className={styles['ruler']} />
  const { from, width, bars } = ruler
  const to = from + (bars.length / 3) * width
  const middle = rows[Math.floor(rows.length / 2)]
  return (
    <TimeRuler
      label={t('ruler')}
      from={from}
      width={width}
      bars={bars}
      at={following || !middle ? to - 1 : middle.at}
      edges={[momentOf(from, ruler, times), momentOf(to, ruler, times)]}
      wordsFor={wordsFor}
      onSeek={seek}
    />
  )
}

function useWords(ruler: Ruler | undefined, times: TimeMode) {
  const t = useTexts('logs')
  return useMemo(
    () =>
      (time: number, { lines, warnings, errors }: RulerBar): string =>
        [
          t('rulerBar', {
            count: lines,
            shown: number.format(lines),
            time: ruler ? momentOf(time, ruler, times) : '',
          }),
          warnings > 0 && t('rulerWarnings', { count: warnings, shown: number.format(warnings) }),
          errors > 0 && t('rulerErrors', { count: errors, shown: number.format(errors) }),
        ]
          .filter(Boolean)
          .join(', '),
    [t, ruler, times],
  )
}

/** As exact as the bars are; with the day where they go over more than one. */
const momentOf = (at: number, { width, bars }: Ruler, times: TimeMode): string =>
  momentText(at, times === 'utc' ? 'utc' : 'local', {
    day: (bars.length / 3) * width >= day / 2,
    millis: width < 1000,
  })
