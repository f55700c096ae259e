import type { SourceItem } from '../../components/logs/SourceList.tsx'
import type { Source } from '../../data/logs/messages.ts'
import type { useTexts } from '../../texts/texts.ts'
import { hueOf, shortName } from './draw.ts'

const compact = new Intl.NumberFormat('en', { notation: 'compact' })
const tones = { open: 'ok', ended: 'done', failed: 'failed' } as const

export const itemsOf = (
  sources: readonly Source[],
  hidden: ReadonlySet<number>,
  t: ReturnType<typeof useTexts<'logs'>>,
): SourceItem[] =>
  sources.map((source, number) => ({
    number,
    name: shortName(source, sources),
    fullName: `${source.pod} / ${source.container}`,
    hue: hueOf(number),
    shown: !hidden.has(number),
    tone: tones[source.status],
    status: [t(`status.${source.status}`), source.reason].filter(Boolean).join(': '),
    count: compact.format(source.lines),
  }))
