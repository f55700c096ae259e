import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { PaneNotice } from '../../components/PaneBar.tsx'
import { attempts } from '../../data/terminal/attempts.ts'
import type { SessionStatus } from '../../data/terminal/session.ts'
import { useTexts } from '../../texts/texts.ts'

interface TerminalNoticeProps {
  readonly now: SessionStatus
  /** To what runs already; opening it again is another thing than starting a program. */
  readonly attached: boolean
  readonly onReopen: () => void
}

/** How the connection is, when it is not simply open. */
export function TerminalNotice({ now, attached, onReopen }: TerminalNoticeProps) {
  const t = useTexts('terminal')
  const again = (label: string) => (
    <Button size="compact-xs" variant="default" onClick={onReopen}>
      {label}
    </Button>
  )
  const reopen = t(attached ? 'attachAgain' : 'reopen')
  switch (now.status) {
    case 'open':
      return null
    case 'opening':
      return <PaneNotice tone="progress">{t('opening')}</PaneNotice>
    case 'waiting':
      return <PaneNotice tone="progress">{t('waiting', { reason: now.reason })}</PaneNotice>
    case 'exited':
      return (
        <PaneNotice tone={now.code === 0 ? 'done' : 'failed'}>
          <ExitText now={now} />
          {again(reopen)}
        </PaneNotice>
      )
    case 'lost':
      return (
        <PaneNotice tone="warning">
          <LostText attempt={now.attempt} againAt={now.againAt} />
          {again(t('tryNow'))}
        </PaneNotice>
      )
    case 'closed':
      if (now.restarted === true)
        return (
          <PaneNotice tone="warning">
            {t('restarted')}
            {again(reopen)}
          </PaneNotice>
        )
      return (
        <PaneNotice tone="failed">
          {now.reason === undefined ? t('closedLost') : t('closed', { reason: now.reason })}
          {again(reopen)}
        </PaneNotice>
      )
  }
}

function ExitText({
  now: { code, reason },
}: {
  now: Extract<SessionStatus, { status: 'exited' }>
}) {
  const t = useTexts('terminal')
  if (code === undefined) return reason ?? t('exitedUnknown')
  return reason === undefined ? t('exited', { code }) : t('exitedWhy', { code, reason })
}

function LostText({ attempt, againAt }: { attempt: number; againAt: number }) {
  const t = useTexts('terminal')
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
  return <span>{t('lost', { attempt, most: attempts.most, seconds })}</span>
}
