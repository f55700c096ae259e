import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Session } from '#gateway/sessions.ts'
import { Age } from '../../components/Age.tsx'
import { Device } from '../../components/Device.tsx'
import { FormError } from '../../components/FormError.tsx'
import { PlainTable } from '../../components/PlainTable.tsx'
import { changes, openSessions, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'

/** Where one is signed in; a device that was lost is signed out here. */
export function OwnSessions() {
  const t = useTexts('settings')
  const { data = [], error } = useQuery(openSessions(false))
  const end = useChange(changes.revokeSession, ['sessions'])
  const columns = [
    {
      id: 'device',
      title: t('device'),
      wraps: true,
      cell: (it: Session) => <Device name={it.device} />,
    },
    {
      id: 'used',
      title: t('used'),
      cell: (it: Session) => (
        <>
          <Age at={Date.parse(it.lastUsedAt)} /> {t('ago')}
        </>
      ),
    },
    {
      id: 'actions',
      title: '',
      align: 'right' as const,
      cell: (it: Session) =>
        it.current ? (
          t('current')
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('endOf', { device: it.device })}
            loading={end.isPending && end.variables.id === it.id}
            onClick={() => {
              end.mutate({ id: it.id })
            }}
          >
            {t('end')}
          </Button>
        ),
    },
  ]
  return (
    <>
      <PlainTable
        label={t('sessions')}
        columns={columns}
        items={data}
        keyOf={(it) => it.id}
        empty={null}
      />
      <FormError error={error ?? end.error} />
    </>
  )
}
