import { useEffect } from 'react'
import { setDockTabTone } from '../../app/dock.ts'
import type { FeedStatus } from '../../data/logs/feed.ts'

const tones = {
  opening: 'progress',
  open: 'ok',
  lost: 'warning',
  whole: 'done',
  closed: 'failed',
} as const

/** The tab tells how its stream is while the pane is hidden. */
export function useTone(tabId: string, { status }: FeedStatus): void {
  useEffect(() => {
    setDockTabTone(tabId, tones[status])
  }, [tabId, status])
}
