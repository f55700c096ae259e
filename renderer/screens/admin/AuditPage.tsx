import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Event, EventFilter } from '#gateway/events.ts'
import type { Tone } from '#gateway/place.ts'
import { PlainTable } from '../../components/PlainTable.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { eventsOf } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminPage } from './AdminPage.tsx'
import { ChainState } from './ChainState.tsx'
import { whatOf } from './event-text.ts'
import { preciseTime } from './times.ts'

type Result = Event['result']
const results = ['allowed', 'refused', 'failed', 'unknown'] as const satisfies readonly Result[]
const toneOf: Readonly<Record<Result, Tone>> = {
  allowed: 'ok',
  refused: 'warning',
  failed: 'failed',
  unknown: 'done',
}
const wordOf = {
  allowed: 'resultAllowed',
  refused: 'resultRefused',
  failed: 'resultFailed',
  unknown: 'resultUnknown',
} as const

const texts = ['person', 'cluster', 'namespace', 'action'] as const
const labels = {
  person: 'auditPerson',
  cluster: 'auditCluster',
  namespace: 'auditNamespace',
  action: 'auditAction',
} as const

/** What was done and refused, and that nobody has changed the record of it. */
export function AuditPage() {
  const t = useTexts('admin')
  const [typed, setTyped] = useState<EventFilter>({})
  // Every letter would otherwise be a search.
  const [filter] = useDebouncedValue(typed, 300)
  const events = useInfiniteQuery(eventsOf(filter))
  const columns = [
    { id: 'at', title: t('auditAt'), cell: (it: Event) => preciseTime(it.at) },
    {
      id: 'who',
      title: t('auditWho'),
      cell: (it: Event) =>
        it.person ?? <span className={styles['dim']}>{it.source ?? t('auditNobody')}</span>,
    },
    {
      id: 'what',
      title: t('auditWhat'),
      cell: (it: Event) => <span className={styles['mono']}>{whatOf(it)}</span>,
    },
    { id: 'where', title: t('auditWhere'), cell: whereOf },
    {
      id: 'result',
      title: t('auditResult'),
      cell: (it: Event) => (
        <span className={styles['state']}>
          <StatusMark tone={toneOf[it.result]} />
          {t(wordOf[it.result])}
          {it.status !== undefined && <span className={styles['dim']}>{it.status}</span>}
        </span>
      ),
    },
    {
      id: 'reason',
      title: t('auditReason'),
      wraps: true,
      cell: (it: Event) => <span className={styles['dim']}>{it.reason ?? ''}</span>,
    },
  ]
  return (
    <AdminPage title={t('audit')} query={events}>
      {({ pages }) => (
        <>
          <ChainState />
          <div className={styles['filters']} role="search" aria-label={t('audit')}>
            {texts.map((field) => (
              <TextInput
                key={field}
                size="xs"
                aria-label={t(labels[field])}
                placeholder={t(labels[field])}
                value={typed[field] ?? ''}
                onChange={({ currentTarget: { value } }) =>
                  setTyped(withField(typed, field, value))
                }
              />
            ))}
            <Select
              size="xs"
              aria-label={t('auditResult')}
              placeholder={t('auditAny')}
              data={results.map((it) => ({ value: it, label: t(wordOf[it]) }))}
              value={typed.result ?? null}
              onChange={(it) => setTyped(withField(typed, 'result', it ?? ''))}
              clearable
            />
          </div>
          <PlainTable
            label={t('audit')}
            columns={columns}
            items={pages.flatMap((page) => page.events)}
            keyOf={(it) => `${it.writer}/${String(it.sequence)}`}
            empty={t('auditNone')}
          />
          {events.hasNextPage && (
            <div className={styles['more']}>
              <Button
                size="compact-sm"
                variant="default"
                loading={events.isFetchingNextPage}
                onClick={() => void events.fetchNextPage()}
              >
                {t('auditMore')}
              </Button>
            </div>
          )}
        </>
      )}
    </AdminPage>
  )
}

/** A filter that is empty is none. */
function withField(filter: EventFilter, field: keyof EventFilter, value: string): EventFilter {
  const { [field]: _gone, ...rest } = filter
  return value === '' ? rest : { ...rest, [field]: value }
}

function whereOf({ cluster, profile, namespace, name }: Event): string {
  const place = cluster && profile ? `${cluster}@${profile}` : cluster
  return [place, namespace, name].filter(Boolean).join(' / ')
}
