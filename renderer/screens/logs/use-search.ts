import { useDebouncedCallback } from '@mantine/hooks'
import { useCallback, useState } from 'react'
import type { LogFeed } from '../../data/logs/feed.ts'

/** The search among the lines that are shown. */
export function useSearch(feed: LogFeed | undefined) {
  const [isOpen, setOpen] = useState(false)
  const [found, setFound] = useState<{ index: number; nth: number }>()

  const step = useCallback(
    (forwards: boolean, from = found?.index ?? (forwards ? -1 : Number.MAX_SAFE_INTEGER)) => {
      void feed?.step(from, forwards).then(({ index, nth }) => {
        setFound(index === undefined ? undefined : { index, nth })
      })
    },
    [feed, found],
  )
  const setText = useDebouncedCallback((text: string) => {
    setFound(undefined)
    feed?.search(text === '' ? undefined : { text, pattern: false, matchCase: false })
    // The newest hit first: that is where one looks.
    if (text !== '') step(false, Number.MAX_SAFE_INTEGER)
  }, 200)
  return {
    isOpen,
    nth: found?.nth ?? 0,
    target: found,
    setText,
    // Enter goes up to older lines, as in a shell; with Shift down again.
    step: (forwards: boolean) => {
      step(forwards)
    },
    open: () => {
      setOpen(true)
    },
    close: () => {
      setOpen(false)
      setFound(undefined)
      feed?.search(undefined)
    },
  }
}
