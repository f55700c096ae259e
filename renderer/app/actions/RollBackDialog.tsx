import { Radio } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ObjectRef } from '#gateway/place.ts'
import { Age } from '../../components/Age.tsx'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { Loading } from '../../components/Loading.tsx'
import { revisionsOf, rollBackWorkload } from '../../data/workloads.ts'
import { useTexts } from '../../texts/texts.ts'
import { ActionPlace } from './ActionPlace.tsx'
import styles from './ResultList.module.css'

/** Which earlier revision a workload shall look like again. */
export function RollBackDialog({ target, onClose }: { target: ObjectRef; onClose: () => void }) {
  const t = useTexts('actions')
  const { data, error } = useQuery(revisionsOf(target))
  const [chosen, setChosen] = useState<number>()
  const back = useMutation({
    mutationFn: (revision: number) => rollBackWorkload(target, revision),
    onSuccess: ({ message }) => {
      notifications.show({ title: t('title.rollBack', { name: target.name }), message })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('title.rollBack', { name: target.name })}
      confirm={t('do.rollBack')}
      cancel={t('cancel')}
      busy={back.isPending}
      disabled={chosen === undefined}
      error={(error ?? back.error)?.message}
      onCancel={onClose}
      onConfirm={() => {
        if (chosen !== undefined) back.mutate(chosen)
      }}
    >
      <ActionPlace places={[target]} />
      {!data && !error && <Loading />}
      {data?.length === 1 && <p>{t('onlyRevision')}</p>}
      <Radio.Group
        aria-label={t('revisions')}
        value={String(chosen ?? '')}
        onChange={(value) => {
          setChosen(Number(value))
        }}
      >
        <ul className={styles['list']}>
          {data?.map(({ revision, current, createdAt, cause, images }) => (
            <li key={revision}>
              <Radio
                size="xs"
                value={String(revision)}
                disabled={current}
                label={
                  <span>
                    {t(current ? 'revisionNow' : 'revision', { revision })}{' '}
                    <span className={styles['dim']}>
                      <Age at={Date.parse(createdAt)} />
                    </span>
                    <span className={styles['message']}>{images.join(', ')}</span>
                    {cause && <span className={styles['message']}>{cause}</span>}
                  </span>
                }
              />
            </li>
          ))}
        </ul>
      </Radio.Group>
    </ConfirmDialog>
  )
}
