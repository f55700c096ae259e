import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { mostLogPods } from '#gateway/streams.ts'
import { PaneNotice } from '../../components/PaneBar.tsx'
import { deskBounds } from '../../data/logs/bounds.ts'
import type { FeedState } from '../../data/logs/feed.ts'
import { attempts } from '../../data/terminal/attempts.ts'
import { useTexts } from '../../texts/texts.ts'
import type { LogsSettings } from './settings.ts'

interface LogsNoticesProps {
  readonly state: FeedState
  readonly settings: LogsSettings
  /** Chosen pods that are not read. */
  readonly leftOut: number | undefined
  readonly onReopen: () => void
  readonly onFetchAll: () => void
}

const number = new Intl.NumberFormat('en')

/** What is not as one would think: lost, ended, narrowed, let go. */
export function LogsNotices(props: LogsNoticesProps) {
  const t = useTexts('logs')
  const { state, settings, leftOut = 0, onReopen, onFetchAll } = props
  const { desk } = state
  return (
    <>
      <StreamNotice stream={state.stream} onReopen={onReopen} />
      {leftOut > 0 && (
        <PaneNotice tone="warning" live={false}>
          {t('leftOut', { count: leftOut, most: mostLogPods })}
        </PaneNotice>
      )}
      {settings.fetched && (
        <PaneNotice tone="warning">
          {t('fetchedOnly', { text: settings.fetched.text })}
          <Button size="compact-xs" variant="default" onClick={onFetchAll}>
            {t('fetchAll')}
          </Button>
        </PaneNotice>
      )}
      {desk?.filterReason !== undefined && (
        <PaneNotice tone="failed">{t('badPattern', { reason: desk.filterReason })}</PaneNotice>
      )}
      {state.slow === true && <PaneNotice tone="failed">{t('slowPattern')}</PaneNotice>}
      {desk !== undefined && desk.dropped > 0 && (
        <PaneNotice tone="warning" live={false}>
          {t('dropped', {
            lines: number.format(desk.dropped),
            limit: number.format(deskBounds.lines),
          })}
        </PaneNotice>
      )}
    </>
  )
}

function StreamNotice({ stream, onReopen }: { stream: FeedState['stream']; onReopen: () => void }) {
  const t = useTexts('logs')
  switch (stream.status) {
    case 'opening':
    case 'open':
    case 'whole':
      return null
    case 'lost':
      return (
        <PaneNotice tone="warning">
          <LostText lost={stream} />
          <Button size="compact-xs" variant="default" onClick={onReopen}>
            {t('tryNow')}
          </Button>
        </PaneNotice>
      )
    case 'closed':
      return (
        <PaneNotice tone={stream.error ? 'failed' : 'done'}>
          {stream.reason === undefined ? t('closedLost') : t('closed', { reason: stream.reason })}
          <Button size="compact-xs" variant="default" onClick={onReopen}>
            {t('reopen')}
          </Button>
        </PaneNotice>
      )
  }
}

function LostText({
  lost: { attempt, againAt, restarts },
}: {
  lost: Extract<FeedState['stream'], { status: 'lost' }>
}) {
  const t = useTexts('logs')
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 500)
    return () => {
      clearInterval(timer)
    }
  }, [])
  const seconds = Math.max(0, Math.ceil((againAt - now) / 1000))
  return <span>{t(restarts ? 'restarts' : 'lost', { attempt, most: attempts.most, seconds })}</span>
}
