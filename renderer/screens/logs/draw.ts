import type { DrawnRow } from '../../components/logs/LogRow.tsx'
import { timeText, type TimeMode } from '../../components/logs/time-text.ts'
import { levels } from '../../data/logs/line.ts'
import type { Gap, LogRow, Source } from '../../data/logs/messages.ts'
import type { useTexts } from '../../texts/texts.ts'

type Texts = ReturnType<typeof useTexts<'logs'>>

const hues = 8

export const hueOf = (source: number) => source % hues

/** A source as short as it can be: what all have in common is left out. */
export function shortName(source: Source, all: readonly Source[]): string {
  const onePod = all.every(({ pod }) => pod === source.pod)
  const oneContainer = all.every(({ container }) => container === source.container)
  if (onePod) return source.container
  const pod = source.pod.slice(commonStart(all.map(({ pod: it }) => it)))
  return oneContainer ? pod : `${pod}/${source.container}`
}

/** How many letters all names share, up to a dash. */
function commonStart(names: readonly string[]): number {
  const [first = '', ...others] = names
  let length = 0
  while (length < first.length && others.every((it) => it[length] === first[length])) length += 1
  return first.lastIndexOf('-', length - 1) + 1
}

interface Drawing {
  readonly sources: readonly Source[]
  readonly times: TimeMode
  readonly opened: ReadonlySet<number>
  readonly t: Texts
}

export function draw(row: LogRow, { sources, times, opened, t }: Drawing): DrawnRow {
  const source = sources[row.source]
  const isOpen = opened.has(row.id)
  const canOpen = row.fields !== undefined || row.cut !== undefined || isOpen
  return {
    index: row.index,
    id: row.id,
    time: timeText(row.at, times),
    fullTime: row.time,
    source: source && sources.length > 1 ? shortName(source, sources) : '',
    fullSource: source ? `${source.pod} / ${source.container}` : '',
    hue: hueOf(row.source),
    level: levels[row.level] ?? 'none',
    context: row.context,
    apart: row.apart,
    spans:
      row.cut === undefined
        ? row.spans
        : [...row.spans, { text: t('cut', { count: row.cut }), look: 'dim' }],
    fields: row.fields ?? [],
    whole: row.whole,
    said: saidOf(row, times, t),
    tone: toneOf(row),
    toggle: canOpen ? t(isOpen ? 'foldAgain' : 'unfold') : undefined,
  }
}

function toneOf({ kind, gap }: LogRow): DrawnRow['tone'] {
  if (kind === 'line') return undefined
  if (kind === 'gap') return gap?.whole === true ? 'done' : 'warning'
  return kind === 'failed' ? 'failed' : 'done'
}

function saidOf({ kind, gap, spans }: LogRow, times: TimeMode, t: Texts): string | undefined {
  if (kind === 'line') return undefined
  const reason = spans[0]?.text
  if (kind === 'failed') return t('failed', { reason: reason ?? '' })
  if (kind === 'ended') return reason === undefined ? t('ended') : t('endedWhy', { reason })
  return gap && gapText(gap, times === 'off' ? 'local' : times, t)
}

function gapText(gap: Gap, mode: TimeMode, t: Texts): string {
  if (gap.whole) return gap.recovered ? t('gapWholeCount', { count: gap.recovered }) : t('gapWhole')
  const at = (time: string) => timeText(Date.parse(time), mode)
  return t('gapLost', { from: at(gap.from), to: at(gap.to) })
}
