import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Forward } from '#bridge/forwards.ts'
import type { Tone } from '#gateway/place.ts'
import { bytesText } from '../../components/amounts.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorPanel } from '../../components/ErrorPanel.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Status } from '../../components/Status.tsx'
import { home } from '../../data/bridge.ts'
import { allForwards, followForwards, stopForward } from '../../data/forwards.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './forwards.module.css'

const tones: Readonly<Record<Forward['status'], Tone>> = {
  open: 'ok',
  failing: 'failed',
  closed: 'done',
}

/** Local ports that lead into pods. A browser has none; it says where the app is. */
export function ForwardsScreen() {
  const t = useTexts('frame')
  useEffect(followForwards, [])
  const { data: forwards, error, refetch } = useQuery(allForwards)
  const stop = useMutation({ mutationFn: stopForward })
  if (home === 'web')
    return (
      <EmptyState
        title={t('appOnly')}
        detail={
          <>
            {t('appOnlyDetail')} <a href="/download">{t('getApp')}</a>
          </>
        }
      />
    )
  if (!forwards && error)
    return (
      <ErrorPanel
        title={t('forwardsFailed')}
        detail={error.message}
        action={{ label: t('tryAgain'), run: () => void refetch() }}
      />
    )
  if (!forwards) return <Loading />
  if (forwards.length === 0)
    return <EmptyState title={t('noForwards')} detail={t('noForwardsDetail')} />
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th>{t('forward.local')}</th>
          <th>{t('forward.to')}</th>
          <th>{t('forward.status')}</th>
          <th>{t('forward.traffic')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {forwards.map((it) => (
          <tr key={it.id}>
            <td>
              <code>127.0.0.1:{it.localPort}</code>
            </td>
            <td>
              {it.cluster}@{it.profile} / {it.namespace} / {it.pod}:{it.port}
            </td>
            <td>
              <Status
                tone={tones[it.status]}
                text={t(`forward.${it.status}`)}
                {...(it.reason !== undefined && { reason: it.reason })}
              />
            </td>
            <td>
              ↓ {bytesText(it.bytesIn)} ↑ {bytesText(it.bytesOut)}
            </td>
            <td>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => {
                  stop.mutate(it.id)
                }}
              >
                {t('forward.stop')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
