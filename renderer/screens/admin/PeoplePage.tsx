import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Person } from '#gateway/persons.ts'
import { PlainTable } from '../../components/PlainTable.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { changes, personsOfGateway, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminPage } from './AdminPage.tsx'
import { ConfirmRemoval } from './ConfirmRemoval.tsx'
import { PersonDialog } from './PersonDialog.tsx'
import { timeText } from './times.ts'

/** Accounts: who exists, who administers, who is shut out. */
export function PeoplePage() {
  const t = useTexts('admin')
  const people = useQuery(personsOfGateway)
  const update = useChange(changes.updatePerson, ['persons', 'sessions'])
  const remove = useChange(changes.removePerson, ['persons', 'grants', 'sessions'])
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Person>()
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
          <Button size="compact-xs" variant="default" onClick={() => setLeaving(it)}>
            {t('remove')}
          </Button>
        </span>
      ),
    },
  ]
  return (
    <AdminPage
      title={t('people')}
      query={people}
      count={(it) => it.length}
      actions={
        <Button size="compact-sm" onClick={() => setAdding(true)}>
          {t('personAdd')}
        </Button>
      }
    >
      {(items) => (
        <>
          <PlainTable
            label={t('people')}
            columns={columns}
            items={items}
            keyOf={(it) => it.id}
            empty={t('personNone')}
          />
          {adding && <PersonDialog onClose={() => setAdding(false)} />}
          {leaving && (
            <ConfirmRemoval
              title={t('removePerson', { name: leaving.name })}
              text={t('removePersonText')}
              action={t('remove')}
              busy={remove.isPending}
              error={remove.error}
              onConfirm={() =>
                remove.mutate({ id: leaving.id }, { onSuccess: () => setLeaving(undefined) })
              }
              onClose={() => setLeaving(undefined)}
            />
          )}
        </>
      )}
    </AdminPage>
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
