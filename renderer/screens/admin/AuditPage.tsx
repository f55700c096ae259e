import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Event } from '#gateway/events.ts'
import { currentRoute, go } from '../../app/route.ts'
import { DialogButton } from '../../components/DialogButton.tsx'
import { PlainTable } from '../../components/PlainTable.tsx'
import { eventsOf } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import { AdminPage } from './AdminPage.tsx'
import { filterOf, lastOf, narrowed, type AuditSearch } from './audit-filter.ts'
import { AuditFilters } from './AuditFilters.tsx'
import { ChainState } from './ChainState.tsx'
import { EventDialog } from './EventDialog.tsx'
import { EventResult } from './EventResult.tsx'
import { ExportDialog } from './ExportDialog.tsx'
import { whatOf } from './event-text.ts'
import { preciseTime } from './times.ts'

const none: AuditSearch = {}

/** The address is the truth for what is looked for, so that it can be sent to a colleague. */
function narrow(part: AuditSearch) {
  const now = currentRoute()
  if (now.screen !== 'admin' || now.page !== 'audit') return
  go({ screen: 'admin', page: 'audit', filter: narrowed(now.filter ?? none, part) }, 'replace')
}

/** What was done and refused, and that nobody has changed the record of it. */
export function AuditPage({ filter: search = none }: { filter?: AuditSearch | undefined }) {
  const t = useTexts('admin')
  // A range that moves with the clock is asked for once, and moves on when that is wanted.
  const [now, setNow] = useState(Date.now)
  const filter = useMemo(() => filterOf(search, now), [search, now])
  const events = useInfiniteQuery(eventsOf(filter))
  const [opened, setOpened] = useState<Event>()
  const refresh = () => {
    if (lastOf(search)) setNow(Date.now())
    else void events.refetch()
  }
  const columns = [
    {
      id: 'at',
      title: t('auditAt'),
      cell: (it: Event) => (
        <button
          type="button"
          className={styles['open']}
          aria-haspopup="dialog"
          title={t('auditOpen')}
          onClick={() => setOpened(it)}
        >
          {preciseTime(it.at)}
        </button>
      ),
    },
    {
      id: 'who',
      title: t('auditWho'),
      cell: (it: Event) =>
        it.person ?? <span className={styles['dim']}>{it.source ?? t('auditNobody')}</span>,
    },
    {
      id: 'what',
      title: t('auditWhat'),
      // A long one would push the result out of sight.
      wraps: true,
      cell: (it: Event) => <span className={styles['mono']}>{whatOf(it)}</span>,
    },
    { id: 'where', title: t('auditWhere'), wraps: true, cell: whereOf },
    {
      id: 'result',
      title: t('auditResult'),
      cell: (it: Event) => <EventResult event={it} />,
    },
    {
      id: 'reason',
      title: t('auditReason'),
      wraps: true,
      cell: (it: Event) => <span className={styles['brief']}>{it.reason ?? ''}</span>,
    },
  ]
  return (
    <AdminPage
      title={t('audit')}
      query={events}
      actions={
        <>
          <DialogButton
            quiet
            label={t('auditExport')}
            dialog={(onClose) => <ExportDialog filter={filter} onClose={onClose} />}
          />
          <Button size="compact-sm" variant="default" onClick={refresh}>
            {t('auditRefresh')}
          </Button>
        </>
      }
      above={
        <>
          <ChainState />
          <AuditFilters search={search} onNarrow={narrow} />
        </>
      }
    >
      {({ pages }) => (
        <>
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
          {opened && (
            <EventDialog
              event={opened}
              onNarrow={(part) => {
                narrow(part)
                setOpened(undefined)
              }}
              onClose={() => setOpened(undefined)}
            />
          )}
        </>
      )}
    </AdminPage>
  )
}

function whereOf({ cluster, profile, namespace, name }: Event): string {
  const place = cluster && profile ? `${cluster}@${profile}` : cluster
  return [place, namespace, name].filter(Boolean).join(' / ')
}
