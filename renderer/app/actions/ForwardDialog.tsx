import { Button, NativeSelect, NumberInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ObjectRef } from '#gateway/place.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { startForward } from '../../data/forwards.ts'
import { useTexts } from '../../texts/texts.ts'
import { ActionPlace } from './ActionPlace.tsx'
import type { OfferedPort } from './forward-ports.ts'
import styles from './ResultList.module.css'
import { useForwardTarget } from './use-forward-target.ts'

/** Which port of a pod, or of one behind a service or a workload, shall be reached here. */
export function ForwardDialog({ target, onClose }: { target: ObjectRef; onClose: () => void }) {
  const t = useTexts('actions')
  const to = useForwardTarget(target)
  const [typed, setTyped] = useState<{ readonly port: number | undefined }>()
  const [localPort, setLocalPort] = useState<number>()
  const { cluster, profile, namespace = '', name } = target
  const { pod } = to
  const port = typed ? typed.port : to.ports[0]?.port
  const start = useMutation({
    mutationFn: (wanted: { pod: string; port: number }) =>
      startForward({ cluster, profile, namespace, ...wanted, ...(localPort && { localPort }) }),
    onSuccess: (forward) => {
      notifications.show({
        title: t('title.forward', { name: forward.pod }),
        message: t('forwarded', { local: forward.localPort, port: forward.port }),
      })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('title.forward', { name })}
      confirm={t('do.forward')}
      cancel={t('cancel')}
      busy={start.isPending}
      disabled={!port || pod === undefined}
      error={(start.error ?? to.error)?.message}
      onCancel={onClose}
      onConfirm={() => {
        if (port && pod !== undefined) start.mutate({ pod, port })
      }}
    >
      <ActionPlace places={[target]} />
      {to.status === 'none' && <p>{t('noPods', { name })}</p>}
      {to.status === 'choose' && (
        <NativeSelect
          size="xs"
          label={t('pod')}
          description={t('forwardOne')}
          value={pod ?? ''}
          data={to.pods.map(({ name: value, status }) => ({
            value,
            label: status ? t('podState', { name: value, status }) : value,
          }))}
          onChange={({ currentTarget }) => {
            to.choose(currentTarget.value)
          }}
        />
      )}
      <Offers
        ports={to.ports}
        chosen={port}
        onChoose={(it) => {
          setTyped({ port: it })
        }}
      />
      <PortField
        label={t('port')}
        value={port}
        onChange={(it) => {
          setTyped({ port: it })
        }}
        autofocus
      />
      <PortField label={t('localPort')} value={localPort} onChange={setLocalPort} />
    </ConfirmDialog>
  )
}

interface OffersProps {
  readonly ports: readonly OfferedPort[]
  readonly chosen: number | undefined
  readonly onChoose: (port: number) => void
}

function Offers({ ports, chosen, onChoose }: OffersProps) {
  const t = useTexts('actions')
  if (ports.length === 0) return null
  return (
    <div className={styles['ports']} role="group" aria-label={t('ports')}>
      {ports.map(({ port, label }) => (
        <Button
          key={port}
          size="compact-xs"
          variant={port === chosen ? 'light' : 'default'}
          aria-pressed={port === chosen}
          onClick={() => {
            onChoose(port)
          }}
        >
          {label}
        </Button>
      ))}
    </div>
  )
}

interface PortFieldProps {
  readonly label: string
  readonly value: number | undefined
  readonly onChange: (port: number | undefined) => void
  readonly autofocus?: boolean
}

function PortField({ label, value, onChange, autofocus }: PortFieldProps) {
  return (
    <NumberInput
      size="xs"
      label={label}
      min={1}
      max={65_535}
      allowDecimal={false}
      hideControls
      value={value ?? ''}
      {...(autofocus && { 'data-autofocus': true })}
      onChange={(next) => {
        onChange(Number(next) || undefined)
      }}
    />
  )
}
