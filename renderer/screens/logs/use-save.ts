import { notifications } from '@mantine/notifications'
import type { LogsInput } from '#gateway/streams.ts'
import type { LogFeed } from '../../data/logs/feed.ts'
import { useTexts } from '../../texts/texts.ts'
import { saveText } from './save.ts'

type Save = (what: 'all' | 'shown', times: boolean) => void

/** Saves what a pane keeps as a file, and says when it could not, or not all of it. */
export function useSave(feed: LogFeed | undefined, { pods, selector }: LogsInput): Save {
  const t = useTexts('logs')
  const save = async (from: LogFeed, what: 'all' | 'shown', times: boolean) => {
    const name = `${pods?.[0] ?? selector?.replaceAll(/[^\w.-]+/g, '_') ?? 'log'}.log`
    const saved = await saveText(name, from.parts(what, times))
    if (saved.status === 'cancelled') return
    const mb = (chars: number) => Math.round(chars / 1_000_000)
    const message =
      saved.status === 'saved'
        ? t('saved')
        : t('savedPart', { size: mb(saved.missing), limit: mb(saved.limit) })
    notifications.show({ message })
  }
  return (what, times) => {
    if (!feed) return
    save(feed, what, times).catch((error: unknown) => {
      notifications.show({ color: 'red', title: t('notSaved'), message: String(error) })
    })
  }
}
