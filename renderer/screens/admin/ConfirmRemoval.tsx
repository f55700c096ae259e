import { Button, Modal } from '@mantine/core'
import { FormError } from '../../components/FormError.tsx'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'

interface Props {
  readonly title: string
  /** What ends with it. */
  readonly text: string
  readonly action: string
  readonly busy: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks once before something ends for somebody else. */
export function ConfirmRemoval({ title, text, action, busy, error, onConfirm, onClose }: Props) {
  const t = useTexts('admin')
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <p>{text}</p>
      <FormError error={error} />
      <div className={styles['buttons']}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('cancel')}
        </Button>
        <Button color="red" loading={busy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Modal>
  )
}
