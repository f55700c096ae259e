import { FormDialog } from '../../components/FormDialog.tsx'
import type { Removal } from './use-removal.ts'

interface Props<T> {
  readonly removal: Removal<T>
  readonly title: (it: T) => string
  /** What ends with it. */
  readonly text: string
  readonly action: string
}

/** Asks once before something ends for somebody else. */
export function ConfirmRemoval<T>({ removal, title, text, action }: Props<T>) {
  const { asked, busy, error, confirm, close } = removal
  if (asked === undefined) return null
  return (
    <FormDialog
      title={title(asked)}
      submit={action}
      danger
      busy={busy}
      error={error}
      focus="cancel"
      onSubmit={confirm}
      onClose={close}
    >
      <p>{text}</p>
    </FormDialog>
  )
}
