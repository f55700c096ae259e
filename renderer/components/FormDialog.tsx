import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/texts.ts'
import { Dialog } from './Dialog.tsx'
import { Form } from './Form.tsx'

interface Props {
  readonly title: string
  readonly children: ReactNode
  readonly submit: string
  readonly cancel?: string
  readonly close?: string
  readonly danger?: boolean
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly error?: unknown
  /** The button that has the focus first, where no field before it asks for that. */
  readonly focus?: 'submit' | 'cancel' | undefined
  readonly onSubmit: () => void
  readonly onClose: () => void
}

/** A dialog that is filled in and sent once, or left. A refusal stays in it. */
export function FormDialog({ title, children, close, focus, onClose, ...props }: Props) {
  const { submit, cancel, danger = false, busy = false, disabled = false } = props
  const t = useTexts('frame')
  return (
    <Dialog title={title} close={close} onClose={onClose}>
      <Form
        error={props.error}
        onSubmit={() => {
          if (!disabled && !busy) props.onSubmit()
        }}
        buttons={
          <>
            <Button
              size="xs"
              variant="default"
              onClick={onClose}
              data-autofocus={focus === 'cancel' || undefined}
            >
              {cancel ?? t('cancel')}
            </Button>
            <Button
              size="xs"
              type="submit"
              color={danger ? 'red' : 'teal'}
              disabled={disabled}
              loading={busy}
              data-autofocus={focus === 'submit' || undefined}
            >
              {submit}
            </Button>
          </>
        }
      >
        {children}
      </Form>
    </Dialog>
  )
}
