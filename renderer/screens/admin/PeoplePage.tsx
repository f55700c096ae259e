import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Person } from '#gateway/persons.ts'
import { DialogButton } from '../../components/DialogButton.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { changes, personsOfGateway, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminTable } from './AdminTable.tsx'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { PersonDialog } from './PersonDialog.tsx'
import { timeText } from './times.ts'
import { useRemoval } from './use-removal.ts'

/** Accounts: who exists, who administers, who is shut out. */
export function PeoplePage() {
  const t = useTexts('admin')
  const people = useQuery(personsOfGateway)
  const update = useChange(changes.updatePerson, ['persons', 'sessions'])
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
            loading={update.isPending && update.variables.id === it.id}
            onClick={() => update.mutate({ id: it.id, disabled: !it.disabled })}
          >
            {t(it.disabled ? 'personEnable' : 'personDisable')}
          </Button>
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
      <ConfirmRemoval
        removal={removal}
        title={({ name }) => t('removePerson', { name })}
        text={t('removePersonText')}
        action={t('remove')}
      />
    </AdminTable>
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
