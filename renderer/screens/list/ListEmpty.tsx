import { filtered, filterLine } from '../../app/filter-text.ts'
import { go, type ListRoute } from '../../app/route.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorPanel } from '../../components/ErrorPanel.tsx'
import { Loading } from '../../components/Loading.tsx'
import { kindName } from '../../data/kinds.ts'
import { isUnreadable } from '../../data/view-state.ts'
import { emptinessOf } from './emptiness.ts'
import type { ListView } from './use-list-view.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './list.module.css'

/** Why a list is empty: not read yet, nothing there, nothing found, no right, no answer. */
export function ListEmpty({ route, view }: { route: ListRoute; view: ListView }) {
  const kind = kindName(route.kind)
  switch (emptinessOf(view)) {
    case 'failed':
      return <Failed kind={kind} view={view} />
    case 'forbidden':
      return <Forbidden kind={kind} reason={view.freshness[0]?.reason ?? ''} />
    case 'waiting':
      return (
        <div className={styles['empty']}>
          <Loading />
        </div>
      )
    case 'unread':
      return <Unread kind={kind} view={view} />
    case 'none':
      return (
        <div className={styles['empty']}>
          <Nothing route={route} all={view.all} />
        </div>
      )
    default:
      return null
  }
}

/** What could not be looked at is not empty. */
function Unread({ kind, view: { freshness, retry } }: { kind: string; view: ListView }) {
  const t = useTexts('list')
  const reasons = freshness.filter(isUnreadable).flatMap(({ reason }) => reason ?? [])
  return (
    <div className={styles['empty']}>
      <ErrorPanel
        title={t('unreadTitle', { kind })}
        detail={[...new Set(reasons)].join('\n')}
        action={{ label: t('retry'), run: retry }}
      />
    </div>
  )
}

function Failed({ kind, view: { error, retry } }: { kind: string; view: ListView }) {
  const t = useTexts('list')
  if (error?.code === 'forbidden') return <Forbidden kind={kind} reason={error.message} />
  return (
    <div className={styles['empty']}>
      <ErrorPanel
        title={t('failedTitle', { kind })}
        detail={error?.message ?? ''}
        action={{ label: t('retry'), run: retry }}
      />
    </div>
  )
}

/** One wording, whether the gateway refuses or the cluster does. */
function Forbidden({ kind, reason }: { kind: string; reason: string }) {
  const t = useTexts('list')
  return (
    <div className={styles['empty']}>
      <EmptyState
        title={t('forbiddenTitle', { kind })}
        detail={`${reason}\n${t('forbiddenHelp')}`.trim()}
      />
    </div>
  )
}

function Nothing({ route, all }: { route: ListRoute; all: number }) {
  const t = useTexts('list')
  const kind = kindName(route.kind)
  const where = route.namespaces?.join(', ')
  const line = filterLine(route)
  const unfilter = () => {
    go(filtered(route, {}), 'replace')
  }
  if (line === '')
    return <EmptyState title={where ? t('noneIn', { kind, where }) : t('none', { kind })} />
  return (
    <EmptyState
      title={t('noneFits', { kind })}
      detail={t('noneFitsDetail', { line, count: all })}
      actions={[{ label: t('filterClear'), run: unfilter }]}
    />
  )
}
