import { Button, Modal, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import styles from './ConfirmDialog.module.css'

export interface ConfirmProps {
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
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/** Asks before something is done. Enter confirms when all that is needed is there. */
export function ConfirmDialog(props: ConfirmProps) {
  const { title, children, confirm, cancel, danger, busy, typed, error, onConfirm, onCancel } =
    props
  const [word, setWord] = useState('')
  const ready = !props.disabled && (!typed || word === typed.word)
  return (
    <Modal
      opened
      onClose={onCancel}
      title={title}
      size={480}
      centered
      closeButtonProps={{ 'aria-label': cancel }}
      transitionProps={{ duration: 80 }}
    >
      <form
        className={styles['body']}
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) onConfirm()
        }}
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
        <div className={styles['buttons']}>
          <Button size="xs" variant="default" onClick={onCancel}>
            {cancel}
          </Button>
          <Button
            size="xs"
            type="submit"
            color={danger ? 'red' : 'teal'}
            disabled={!ready}
            loading={busy === true}
            {...(typed ? {} : { 'data-autofocus': true })}
          >
            {confirm}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
