import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { reportError } from '../../data/queries.ts'
import { textsOf } from '../../texts/texts.ts'
import styles from './ResultList.module.css'

interface Done {
  readonly title: string
  readonly message: string
  /** Takes it back, where that can be done. */
  readonly undo?: (() => Promise<{ readonly message: string }>) | undefined
}

/** Long enough to be read and thought over. */
const thinkingTime = 12_000

/** Says that something was done, and offers to take it back. */
export function noticeDone({ title, message, undo }: Done): void {
  if (!undo) return void notifications.show({ title, message, color: 'teal' })
  const id = notifications.show({
    title,
    color: 'teal',
    autoClose: thinkingTime,
    message: (
      <span className={styles['undo']}>
        {message}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            notifications.hide(id)
            void takeBack(title, undo)
          }}
        >
          {textsOf('actions')('undo')}
        </Button>
      </span>
    ),
  })
}

async function takeBack(title: string, undo: NonNullable<Done['undo']>): Promise<void> {
  const t = textsOf('actions')
  try {
    const { message } = await undo()
    notifications.show({ title: t('undone', { title }), message, color: 'teal' })
  } catch (error) {
    reportError(error)
    const message = error instanceof Error ? error.message : t('failed')
    notifications.show({ title: t('notUndone', { title }), message, color: 'red' })
  }
}
