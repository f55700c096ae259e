import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { LogsInput } from '#gateway/streams.ts'
import { openStream } from '../../data/bridge.ts'
import { LogFeed, type FeedState } from '../../data/logs/feed.ts'
import { spawnDesk } from '../../data/logs/spawn.ts'

const nothing: FeedState = { stream: { status: 'opening' }, desk: undefined, rows: [] }
const silence = () => () => undefined

const openFeed = (input: LogsInput) =>
  new LogFeed(input, {
    open: (it, ears) => openStream('logs', it, ears),
    desk: spawnDesk,
    now: Date.now,
    after: (milliseconds, work) => {
      const timer = setTimeout(work, milliseconds)
      return () => {
        clearTimeout(timer)
      }
    },
  })

/** The lines of a pane for as long as it is there; another question keeps the pane and asks again. */
export function useFeed(input: LogsInput): { feed: LogFeed | undefined; state: FeedState } {
  const [feed, setFeed] = useState<LogFeed>()
  const asked = useRef(input)
  useEffect(() => {
    const made = openFeed(asked.current)
    setFeed(made)
    return () => {
      made.close()
      setFeed(undefined)
    }
  }, [])
  useEffect(() => {
    if (asked.current === input) return
    asked.current = input
    feed?.ask(input)
  }, [feed, input])
  const state = useSyncExternalStore(feed?.listen ?? silence, feed?.state ?? (() => nothing))
  return { feed, state }
}
