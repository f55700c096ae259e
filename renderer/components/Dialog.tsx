import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/texts.ts'

interface Props {
  readonly title: string
  readonly children: ReactNode
  /** What the cross in its corner is called, where it is not just closed. */
  readonly close?: string | undefined
  readonly wide?: boolean
  readonly onClose: () => void
}

/** What a dialog looks like. It is there as long as it is drawn. */
export function Dialog({ title, children, close, wide, onClose }: Props) {
  const t = useTexts('frame')
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={wide ? 'lg' : 480}
      centered
      closeButtonProps={{ 'aria-label': close ?? t('close') }}
      transitionProps={{ duration: 80 }}
    >
      {children}
    </Modal>
  )
}
