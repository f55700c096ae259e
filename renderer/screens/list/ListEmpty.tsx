import { filtered, filterLine } from '../../app/filter-text.ts'
import { go, type ListRoute } from '../../app/route.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorPanel } from '../../components/ErrorPanel.tsx'
import { kindName } from '../../data/kinds.ts'
import type { ListView } from './use-list-view.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './list.module.css'

/** Why a list is empty: nothing there, nothing found, no right, no answer. */
export function ListEmpty({ route, view }: { route: ListRoute; view: ListView }) {
  const { status, total, freshness } = view
  const kind = kindName(route.kind)
  if (status === 'failed') return <Failed kind={kind} view={view} />
  if (status === 'opening' || total > 0) return null
  const forbidden = freshness.find((it) => it.status === 'forbidden')
  if (forbidden && freshness.every((it) => it.status === 'forbidden'))
    return <Forbidden kind={kind} reason={forbidden.reason ?? ''} />
  if (freshness.some((it) => it.status === 'loading')) return null
  return (
    <div className={styles['empty']}>
      <Nothing route={route} all={view.all} />
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
