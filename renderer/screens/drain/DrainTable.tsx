import { Checkbox } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Tone } from '#gateway/place.ts'
import { StatusMark } from '../../components/StatusMark.tsx'
import { useTexts } from '../../texts/texts.ts'
import styles from './Drain.module.css'
import type { DrainPod, PodState } from './drain-run.ts'

interface DrainTableProps {
  readonly pods: readonly DrainPod[]
  /** Set once it runs. */
  readonly states: ReadonlyMap<string, PodState> | undefined
  /** Pods that are evicted though they are better not. */
  readonly ticked: ReadonlySet<string>
  readonly onTick: (uid: string, on: boolean) => void
}

const order = { refuses: 0, evict: 1, stays: 2 } as const

export function DrainTable({ pods, states, ticked, onTick }: DrainTableProps) {
  const t = useTexts('editor')
  const sorted = [...pods].sort((a, b) => order[a.action] - order[b.action])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard
    <div className={styles['scroll']} tabIndex={0} role="region" aria-label={t('drain.plan')}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('drain.action')}</th>
            <th scope="col">{t('drain.namespace')}</th>
            <th scope="col">{t('drain.pod')}</th>
            <th scope="col">{t('drain.why')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((pod) => (
            <tr key={pod.uid}>
              <td>
                <Action pod={pod} state={states?.get(pod.uid)} />
              </td>
              <td>{pod.namespace}</td>
              <td>{pod.name}</td>
              <td>
                <Why pod={pod} state={states?.get(pod.uid)} />
                {pod.action === 'refuses' && !states && (
                  <Checkbox
                    size="xs"
                    label={t('drain.include')}
                    checked={ticked.has(pod.uid)}
                    onChange={(event) => {
                      onTick(pod.uid, event.currentTarget.checked)
                    }}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const planned: Readonly<Record<DrainPod['action'], Tone>> = {
  evict: 'ending',
  stays: 'done',
  refuses: 'warning',
}

const running: Readonly<Record<PodState['status'], Tone>> = {
  waiting: 'progress',
  evicting: 'ending',
  blocked: 'warning',
  evicted: 'ok',
  gone: 'ok',
  failed: 'failed',
}

function Action({ pod, state }: { pod: DrainPod; state: PodState | undefined }) {
  const t = useTexts('editor')
  return (
    <span className={styles['action']}>
      <StatusMark tone={state ? running[state.status] : planned[pod.action]} />
      {t(`drain.state.${state?.status ?? pod.action}`)}
    </span>
  )
}

function Why({ pod, state }: { pod: DrainPod; state: PodState | undefined }) {
  if (state?.status === 'blocked') return <Blocked reason={state.reason} againAt={state.againAt} />
  if (state?.status === 'failed') return state.reason
  return pod.reason ?? ''
}

function Blocked({ reason, againAt }: { reason: string; againAt: number }) {
  const t = useTexts('editor')
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 1000)
    return () => {
      clearInterval(timer)
    }
  }, [])
  return t('drain.blocked', { reason, seconds: Math.max(0, Math.ceil((againAt - now) / 1000)) })
}
