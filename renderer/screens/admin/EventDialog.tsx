import { Button } from '@mantine/core'
import type { Event } from '#gateway/events.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import type { AuditSearch } from './audit-filter.ts'
import { fieldsOf } from './event-fields.ts'
import { whatOf } from './event-text.ts'

interface Props {
  readonly event: Event
  readonly onNarrow: (part: AuditSearch) => void
  readonly onClose: () => void
}

/** All that one record says, and the way to what belongs to it. */
export function EventDialog({ event, onNarrow, onClose }: Props) {
  const t = useTexts('admin')
  const { id, person, session } = event
  return (
    <Dialog wide title={t('auditDetail', { what: whatOf(event) })} onClose={onClose}>
      <dl className={styles['fields']}>
        {fieldsOf(event).map(([field, text]) => (
          <div key={field}>
            <dt>{t(`eventField.${field}`)}</dt>
            <dd className={styles['mono']}>{text}</dd>
          </div>
        ))}
      </dl>
      <div className={styles['row']}>
        {id !== '' && (
          <Button size="compact-xs" variant="default" onClick={() => onNarrow({ id })}>
            {t('auditOfAttempt')}
          </Button>
        )}
        {session !== undefined && (
          <Button size="compact-xs" variant="default" onClick={() => onNarrow({ session })}>
            {t('auditOfSession')}
          </Button>
        )}
        {person !== undefined && (
          <Button size="compact-xs" variant="default" onClick={() => onNarrow({ person })}>
            {t('auditOfPerson', { name: person })}
          </Button>
        )}
      </div>
    </Dialog>
  )
}
