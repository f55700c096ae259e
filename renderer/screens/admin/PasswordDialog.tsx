import { Button, PasswordInput, Radio } from '@mantine/core'
import { useState } from 'react'
import type { Person } from '#gateway/persons.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { Copy } from './Copy.tsx'
import { newPassword } from './new-password.ts'

/** Sets a person’s password: one that is made here and shown once, or one that is typed. */
export function PasswordDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = useTexts('admin')
  const update = useChange(changes.updatePerson, ['persons', 'sessions'])
  const [how, setHow] = useState('made')
  const [typed, setTyped] = useState('')
  const [made, setMade] = useState<string>()
  const title = t('passwordOf', { name: person.name })
  if (made !== undefined) return <Made title={title} password={made} onClose={onClose} />
  const onSubmit = () => {
    const password = how === 'made' ? newPassword() : typed
    const onSuccess = () => (how === 'made' ? setMade(password) : onClose())
    update.mutate({ id: person.id, password }, { onSuccess })
  }
  return (
    <FormDialog
      title={title}
      submit={t('passwordSet')}
      danger
      busy={update.isPending}
      error={update.error}
      focus="cancel"
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <p className={styles['hint']}>{t('passwordText', { name: person.name })}</p>
      <Radio.Group label={t('passwordHow')} value={how} onChange={setHow}>
        <div className={styles['choices']}>
          <Radio value="made" label={t('passwordMade')} />
          <Radio value="typed" label={t('passwordTyped')} />
        </div>
      </Radio.Group>
      {how === 'typed' && (
        <PasswordInput
          label={t('passwordNew')}
          description={t('personPasswordHint')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="new-password"
          minLength={12}
          required
        />
      )}
    </FormDialog>
  )
}

interface MadeProps {
  readonly title: string
  readonly password: string
  readonly onClose: () => void
}

/** Nothing but this dialog has it, and it is gone with it. */
function Made({ title, password, onClose }: MadeProps) {
  const t = useTexts('admin')
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles['stack']}>
        <p>{t('passwordOnce')}</p>
        <p className={styles['copied']}>
          <output className={styles['mono']} aria-label={t('passwordNew')}>
            {password}
          </output>
          <Copy text={password} />
        </p>
        <Button size="xs" onClick={onClose}>
          {t('done')}
        </Button>
      </div>
    </Dialog>
  )
}
