import type { Person } from '#gateway/persons.ts'
import { FormDialog } from '../../components/FormDialog.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useSession } from '../../data/session.ts'
import { useTexts } from '../../texts/texts.ts'
import { stepOf, type Step } from './person-steps.ts'

interface Props {
  readonly person: Person
  readonly step: Step
  readonly onClose: () => void
}

/** Asks before an account gains or loses something; what the gateway says against it stays here. */
export function PersonStep({ person, step, onClose }: Props) {
  const t = useTexts('admin')
  const session = useSession()
  const isOwn = session.status === 'signed in' && session.person.id === person.id
  const update = useChange(changes.updatePerson, ['persons', 'sessions'])
  const { change, title, text, action, danger } = stepOf(step, isOwn)
  return (
    <FormDialog
      title={t(title, { name: person.name })}
      submit={t(action)}
      danger={danger}
      busy={update.isPending}
      error={update.error}
      focus={danger ? 'cancel' : 'submit'}
      onSubmit={() => update.mutate({ id: person.id, ...change }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t(text, { name: person.name })}</p>
    </FormDialog>
  )
}
