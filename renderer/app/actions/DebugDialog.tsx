import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ObjectRef } from '#gateway/place.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { useTexts } from '../../texts/texts.ts'
import { ActionPlace } from './ActionPlace.tsx'
import { openDebug } from './open-panes.ts'

const usual = 'busybox:stable'

/** With which tools a pod is looked into that has none of its own. */
export function DebugDialog({ target, onClose }: { target: ObjectRef; onClose: () => void }) {
  const t = useTexts('actions')
  const [image, setImage] = useState(usual)
  return (
    <ConfirmDialog
      title={t('title.debug', { name: target.name })}
      confirm={t('do.debug')}
      cancel={t('cancel')}
      disabled={image.trim() === ''}
      onCancel={onClose}
      onConfirm={() => {
        openDebug(target, image.trim())
        onClose()
      }}
    >
      <p>{t('about.debug')}</p>
      <ActionPlace places={[target]} />
      <TextInput
        size="xs"
        label={t('image')}
        value={image}
        data-autofocus
        onChange={({ currentTarget }) => {
          setImage(currentTarget.value)
        }}
      />
    </ConfirmDialog>
  )
}
