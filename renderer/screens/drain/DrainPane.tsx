import { Button, Progress } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { setDockTabTone, type DockTabOf } from '../../app/dock.ts'
import { ErrorPanel } from '../../components/ErrorPanel.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PaneBar, PaneNote, PaneNotice, PaneSpace } from '../../components/PaneBar.tsx'
import { cordonNode, drainPlanOf } from '../../data/nodes.ts'
import { useTexts } from '../../texts/texts.ts'
import type { DrainPod, DrainState } from './drain-run.ts'
import { DrainTable } from './DrainTable.tsx'
import styles from './Drain.module.css'
import { useDrain } from './use-drain.ts'

/** Draining a node: what it would do, then how far it is. */
export function DrainPane({ tab }: { tab: DockTabOf<'drain'>; visible: boolean }) {
  const t = useTexts('editor')
  const plan = useQuery({
    ...drainPlanOf({ ...tab.place, name: tab.node }),
    // What is shown is what is done: it is read again on demand only.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const drain = useDrain(tab.place, tab.node)
  const { state } = drain
  useEffect(() => {
    setDockTabTone(tab.id, toneOf(state))
  }, [tab.id, state])

  if (!plan.data && plan.error)
    return (
      <ErrorPanel
        title={t('drain.notPlanned')}
        detail={plan.error.message}
        action={{ label: t('retry'), run: () => void plan.refetch() }}
      />
    )
  if (!plan.data) return <Loading label={t('drain.planning')} />

  const pods = plan.data
  const chosen = pods.filter((it) => it.action === 'evict' || ticked.has(it.uid))
  const busy = state?.status === 'cordoning' || state?.status === 'draining'
  const uncordon = async () => {
    try {
      await cordonNode({ ...tab.place, name: tab.node }, false)
      notifications.show({ message: t('drain.uncordoned') })
    } catch (error) {
      notifications.show({ color: 'red', message: String(error) })
    }
  }
  return (
    <div className={styles['pane']}>
      <PaneBar label={t('drain.tools')}>
        <strong>{t('drain.title', { node: tab.node })}</strong>
        <PaneNote>{t('drain.counts', countsOf(pods))}</PaneNote>
        <PaneSpace />
        {state && <DrainProgress state={state} all={state.pods.size} />}
        {!busy && (
          <>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                drain.forget()
                void plan.refetch()
              }}
            >
              {t('drain.replan')}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => void uncordon()}>
              {t('drain.uncordon')}
            </Button>
          </>
        )}
        {busy ? (
          <Button size="compact-xs" variant="default" onClick={drain.stop}>
            {t('drain.cancel')}
          </Button>
        ) : (
          <Button
            size="compact-xs"
            disabled={state !== undefined}
            onClick={() => {
              drain.start(chosen)
            }}
          >
            {t('drain.start')}
          </Button>
        )}
      </PaneBar>
      <DrainNotice state={state} refuses={pods.some(({ action }) => action === 'refuses')} />
      {pods.length === 0 ? (
        <p className={styles['empty']}>{t('drain.empty')}</p>
      ) : (
        <DrainTable
          pods={pods}
          states={state?.pods}
          ticked={ticked}
          onTick={(uid, on) => {
            const after = new Set(ticked)
            if (on) after.add(uid)
            else after.delete(uid)
            setTicked(after)
          }}
        />
      )}
    </div>
  )
}

function countsOf(pods: readonly DrainPod[]) {
  const count = (action: DrainPod['action']) => pods.filter((it) => it.action === action).length
  return { evict: count('evict'), stays: count('stays'), refuses: count('refuses') }
}

const isOver = (status: string | undefined) => status === 'evicted' || status === 'gone'

function leftOf({ pods }: DrainState): number {
  return [...pods.values()].filter(({ status }) => !isOver(status)).length
}

function toneOf(state: DrainState | undefined) {
  switch (state?.status) {
    case undefined:
    case 'stopped':
      return 'done'
    case 'cordoning':
    case 'draining':
      return [...state.pods.values()].some(({ status }) => status === 'blocked')
        ? 'warning'
        : 'progress'
    case 'drained':
      return leftOf(state) === 0 ? 'ok' : 'failed'
    case 'failed':
      return 'failed'
  }
}

function DrainProgress({ state, all }: { state: DrainState; all: number }) {
  const t = useTexts('editor')
  const done = all - leftOf(state)
  return (
    <>
      <Progress
        className={styles['progress'] ?? ''}
        value={all === 0 ? 100 : (done / all) * 100}
        size="sm"
        aria-label={t('drain.progress', { done, all })}
      />
      <PaneNote>{t('drain.progress', { done, all })}</PaneNote>
    </>
  )
}

function DrainNotice({ state, refuses }: { state: DrainState | undefined; refuses: boolean }) {
  const t = useTexts('editor')
  switch (state?.status) {
    case undefined:
      return refuses ? (
        <PaneNotice tone="warning" live={false}>
          {t('drain.refusesNote')}
        </PaneNotice>
      ) : null
    case 'cordoning':
      return <PaneNotice tone="progress">{t('drain.cordoning')}</PaneNotice>
    case 'draining':
      return null
    case 'stopped':
      return <PaneNotice tone="done">{t('drain.stopped')}</PaneNotice>
    case 'failed':
      return (
        <PaneNotice tone="failed">{t('drain.failed', { reason: state.reason ?? '' })}</PaneNotice>
      )
    case 'drained': {
      const left = leftOf(state)
      return (
        <PaneNotice tone={left === 0 ? 'ok' : 'failed'}>
          {left === 0 ? t('drain.drained') : t('drain.drainedPart', { left })}
        </PaneNotice>
      )
    }
  }
}
