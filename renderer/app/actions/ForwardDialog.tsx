import { NumberInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ObjectRef } from '#gateway/place.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { startForward } from '../../data/forwards.ts'
import { useTexts } from '../../texts/texts.ts'

/** Which port of a pod shall be reached at a port of this machine. */
export function ForwardDialog({ target, onClose }: { target: ObjectRef; onClose: () => void }) {
  const t = useTexts('actions')
  const [port, setPort] = useState<number>()
  const [localPort, setLocalPort] = useState<number>()
  const { cluster, profile, namespace = '', name: pod } = target
  const start = useMutation({
    mutationFn: (wanted: number) =>
      startForward({
        cluster,
        profile,
        namespace,
        pod,
        port: wanted,
        ...(localPort && { localPort }),
      }),
    onSuccess: (forward) => {
      notifications.show({
        title: t('title.forward', { name: pod }),
        message: t('forwarded', { local: forward.localPort, port: forward.port }),
      })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('title.forward', { name: pod })}
      confirm={t('do.forward')}
      cancel={t('cancel')}
      busy={start.isPending}
      disabled={!port}
      error={start.error?.message}
      onCancel={onClose}
      onConfirm={() => {
        if (port) start.mutate(port)
      }}
    >
      <PortField label={t('port')} value={port} onChange={setPort} autofocus />
      <PortField label={t('localPort')} value={localPort} onChange={setLocalPort} />
    </ConfirmDialog>
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
