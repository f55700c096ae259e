import { Button, Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Paste } from '../../components/terminal/paste.ts'
import styles from '../../components/terminal/Terminal.module.css'
import { useTexts } from '../../texts/texts.ts'

/** A paste that would run by itself is looked at first. */
export function PasteDialog(props: { paste: Paste; onPaste: () => void; onClose: () => void }) {
  const t = useTexts('terminal')
  const { paste, onPaste, onClose } = props
  return (
    <Asking
      title={t('pasteTitle', { count: paste.lines })}
      yes={t('paste')}
      onYes={onPaste}
      onClose={onClose}
    >
      <Text size="sm">{paste.lines > 1 && t('pasteWhy')}</Text>
      {paste.cleaned && (
        <Text size="sm" c="var(--gh-warning)">
          {t('pasteCleaned')}
        </Text>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard */}
      <pre className={styles['preview']} tabIndex={0}>
        {paste.text.slice(0, 4_000)}
      </pre>
    </Asking>
  )
}

/** The address is shown whole before it opens. */
export function LinkDialog(props: { address: string; onOpen: () => void; onClose: () => void }) {
  const t = useTexts('terminal')
  const { address, onOpen, onClose } = props
  return (
    <Asking title={t('linkTitle')} yes={t('open')} onYes={onOpen} onClose={onClose}>
      <Text size="sm">{t('linkWhy')}</Text>
      <pre className={styles['preview']}>{address}</pre>
    </Asking>
  )
}

function Asking(props: {
  title: string
  yes: string
  onYes: () => void
  onClose: () => void
  children: ReactNode
}) {
  const t = useTexts('terminal')
  const { title, yes, onYes, onClose, children } = props
  return (
    <Modal opened title={title} onClose={onClose} size="lg" centered>
      {children}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button size="xs" variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button size="xs" data-autofocus onClick={onYes}>
          {yes}
        </Button>
      </Group>
    </Modal>
  )
}
