import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Person } from '#gateway/persons.ts'
import { DialogButton } from '../../components/DialogButton.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { changes, personsOfGateway } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminTable } from './AdminTable.tsx'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { PasswordDialog } from './PasswordDialog.tsx'
import { stepOf, stepsFor, type Step } from './person-steps.ts'
import { PersonDialog } from './PersonDialog.tsx'
import { PersonStep } from './PersonStep.tsx'
import { timeText } from './times.ts'
import { useRemoval } from './use-removal.ts'

interface Asked {
  readonly person: Person
  readonly step: Step | 'password'
}

/** Accounts: who exists, who administers, who is shut out. */
export function PeoplePage() {
  const t = useTexts('admin')
  const people = useQuery(personsOfGateway)
  const [asked, setAsked] = useState<Asked>()
  const removal = useRemoval<Person>(changes.removePerson, ['persons', 'grants', 'sessions'])
  const columns = [
    { id: 'name', title: t('personName'), cell: (it: Person) => it.name },
    {
      id: 'role',
      title: t('personRole'),
      cell: (it: Person) => t(it.admin ? 'personRoleAdmin' : 'personRolePerson'),
    },
    { id: 'state', title: t('personState'), cell: (it: Person) => <State person={it} /> },
    { id: 'since', title: t('createdAt'), cell: (it: Person) => timeText(it.createdAt) },
    {
      id: 'actions',
      title: '',
      align: 'right' as const,
      cell: (it: Person) => (
        <span className={styles['actions']}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => setAsked({ person: it, step: 'password' })}
          >
            {t('passwordSet')}
          </Button>
          {stepsFor(it).map((step) => (
            <Button
              key={step}
              size="compact-xs"
              variant="default"
              onClick={() => setAsked({ person: it, step })}
            >
              {t(stepOf(step, false).action)}
            </Button>
          ))}
          <Button size="compact-xs" variant="default" onClick={() => removal.ask(it)}>
            {t('remove')}
          </Button>
        </span>
      ),
    },
  ]
  return (
    <AdminTable
      title={t('people')}
      query={people}
      columns={columns}
      empty={t('personNone')}
      actions={
        <DialogButton
          label={t('personAdd')}
          dialog={(onClose) => <PersonDialog onClose={onClose} />}
        />
      }
    >
      {asked && <Change {...asked} onClose={() => setAsked(undefined)} />}
      <ConfirmRemoval
        removal={removal}
        title={({ name }) => t('removePerson', { name })}
        text={t('removePersonText')}
        action={t('remove')}
      />
    </AdminTable>
  )
}

function Change({ person, step, onClose }: Asked & { onClose: () => void }) {
  return step === 'password' ? (
    <PasswordDialog person={person} onClose={onClose} />
  ) : (
    <PersonStep person={person} step={step} onClose={onClose} />
  )
}

function State({ person }: { person: Person }) {
  const t = useTexts('admin')
  return (
    <span className={styles['state']}>
      <StatusMark tone={person.disabled ? 'done' : 'ok'} />
      {t(person.disabled ? 'personDisabled' : 'personActive')}
    </span>
  )
}
