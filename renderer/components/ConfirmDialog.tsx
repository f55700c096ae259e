import { TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import styles from './ConfirmDialog.module.css'
import { FormDialog } from './FormDialog.tsx'

interface Props {
  readonly title: string
  readonly children: ReactNode
  readonly confirm: string
  readonly cancel: string
  readonly danger?: boolean
  readonly busy?: boolean
  /** What must be typed before it can be confirmed, and how that is asked for. */
  readonly typed?: { readonly word: string; readonly label: string }
  readonly disabled?: boolean
  readonly error?: string | undefined
  /** With what was typed, which is the word where one was asked for. */
  readonly onConfirm: (typed: string) => void
  readonly onCancel: () => void
}

/** Asks before something is done. Enter confirms when all that is needed is there. */
export function ConfirmDialog(props: Props) {
  const { title, children, confirm, cancel, danger = false, busy = false, typed, error } = props
  const [word, setWord] = useState('')
  const ready = !props.disabled && (!typed || word === typed.word)
  return (
    <FormDialog
      title={title}
      submit={confirm}
      cancel={cancel}
      close={cancel}
      danger={danger}
      busy={busy}
      disabled={!ready}
      focus={typed ? undefined : 'submit'}
      onSubmit={() => {
        props.onConfirm(word)
      }}
      onClose={props.onCancel}
    >
      {children}
      {typed && (
        <TextInput
          size="sm"
          label={typed.label}
          value={word}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          onChange={({ currentTarget }) => {
            setWord(currentTarget.value)
          }}
        />
      )}
      {error && (
        <p className={styles['error']} role="alert">
          {error}
        </p>
      )}
    </FormDialog>
  )
}
