import type { StatusCell } from '../../../contract/views.ts'
import { event, type Event } from '../fields/core.ts'
import { instantOf } from '../instant.ts'
import { column, extra, latestFirst, model, statusColumn } from '../model.ts'
import { age } from './shared.ts'
import { said } from './tones.ts'

/** The type is the status: what went wrong is a warning. */
export const eventStatus = ({ type }: { readonly type?: string | undefined }): StatusCell =>
  type === 'Normal' ? said('Normal', 'ok') : said(type || 'Normal', type ? 'warning' : 'ok')

const lastSeenOf = (it: Event) =>
  instantOf(it.series?.lastObservedTime) ??
  instantOf(it.lastTimestamp) ??
  instantOf(it.eventTime) ??
  instantOf(it.metadata?.creationTimestamp)

const firstSeenOf = (it: Event) => instantOf(it.firstTimestamp) ?? instantOf(it.eventTime)

export const events = model(event, {
  status: eventStatus,
  columns: [
    statusColumn('Type'),
    column('reason', 'Reason', 'text', (it: Event) => it.reason),
    column('object', 'Object', 'text', ({ involvedObject: it }: Event) =>
      it?.kind ? `${it.kind}/${it.name ?? ''}` : undefined,
    ),
    column('message', 'Message', 'text', (it: Event) => it.message?.trim()),
    column('count', 'Count', 'number', (it: Event) => it.series?.count || it.count || 1),
    latestFirst(column('lastSeen', 'Last seen', 'age', lastSeenOf)),
    extra('source', 'Source', 'text', (it: Event) => it.source?.component || it.reportingComponent),
    extra('firstSeen', 'First seen', 'age', firstSeenOf),
    extra('objectUid', 'Object’s uid', 'text', (it: Event) => it.involvedObject?.uid),
    { ...age, extra: true },
  ],
})
