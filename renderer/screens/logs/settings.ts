import type { LogsInput } from '#gateway/streams.ts'
import type { FilterAsk } from '../../data/logs/messages.ts'
import type { Query } from '../../data/logs/matcher.ts'
import type { TimeMode } from '../../components/logs/time-text.ts'

/** What a person can set in a pane; the lines themselves are in the feed. */
export interface LogsSettings {
  readonly query: Query
  readonly invert: boolean
  readonly context: number
  readonly level: number
  readonly hidden: ReadonlySet<number>
  readonly wrap: boolean
  readonly fold: boolean
  readonly times: TimeMode
  readonly since: Since
  readonly previous: boolean
  /** What the gateway was asked to filter by. */
  readonly fetched: Query | undefined
}

export const sinces = ['opened', '300', '900', '3600', '21600', '86400', 'all'] as const
export type Since = (typeof sinces)[number]

export const settingsOf = (input: LogsInput): LogsSettings => ({
  query: { text: '', pattern: false, matchCase: false },
  invert: false,
  context: 0,
  level: 0,
  hidden: new Set(),
  wrap: false,
  fold: true,
  times: 'local',
  since: 'opened',
  previous: input.previous,
  fetched:
    input.filter === undefined
      ? undefined
      : { text: input.filter, pattern: input.pattern, matchCase: true },
})

export const filterOf = (it: LogsSettings): FilterAsk => ({
  query: it.query.text === '' ? undefined : it.query,
  invert: it.invert,
  context: it.context,
  level: it.level,
  hidden: [...it.hidden],
})

/** The question to the gateway for what is set. */
export function inputOf(
  opened: LogsInput,
  it: Pick<LogsSettings, 'since' | 'previous' | 'fetched'>,
): LogsInput {
  const { tail, sinceSeconds, filter: _filter, pattern: _pattern, ...rest } = opened
  const asOpened = {
    ...(tail !== undefined && { tail }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
  }
  const seconds = Number(it.since)
  const from =
    it.since === 'opened' ? asOpened : it.since === 'all' ? {} : { sinceSeconds: seconds }
  return {
    ...rest,
    // An old container says nothing new.
    follow: opened.follow && !it.previous,
    previous: it.previous,
    pattern: it.fetched?.pattern ?? false,
    ...from,
    ...(it.fetched && { filter: it.fetched.text }),
  }
}
