import type { StatusCell } from '../../../contract/views.ts'
import {
  disruptionBudget,
  lease,
  newEvent,
  priorityClass,
  type DisruptionBudget,
  type Lease,
  type NewEvent,
  type PriorityClass,
} from '../fields/others.ts'
import { instantOf } from '../instant.ts'
import { column, extra, latestFirst, model, statusColumn } from '../model.ts'
import { eventStatus } from './events.ts'
import { age, selectorText } from './shared.ts'
import { conditionOf, isFalse, said, sayingOf } from './tones.ts'

/** Whether a pod may be evicted now. */
function budgetStatus({ status }: DisruptionBudget): StatusCell {
  const { conditions, currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  const allowed = conditionOf(conditions, 'DisruptionAllowed')
  if (isFalse(allowed) && allowed?.reason === 'SyncFailed')
    return said('Unknown', 'failed', sayingOf(allowed))
  if (currentHealthy < desiredHealthy)
    return said('Too few', 'failed', `${currentHealthy} of ${desiredHealthy} are healthy`)
  if (!status?.expectedPods) return said('No pods', 'done')
  return (status.disruptionsAllowed ?? 0) > 0
    ? said('Allows', 'ok')
    : said('Blocks', 'warning', 'No pod may be evicted now')
}

export const disruptionBudgets = model(disruptionBudget, {
  status: budgetStatus,
  columns: [
    statusColumn(),
    column('minAvailable', 'Least', 'text', (it: DisruptionBudget) =>
      textOf(it.spec?.minAvailable),
    ),
    column('maxUnavailable', 'Most missing', 'text', (it: DisruptionBudget) =>
      textOf(it.spec?.maxUnavailable),
    ),
    column(
      'allowed',
      'May be evicted',
      'number',
      (it: DisruptionBudget) => it.status?.disruptionsAllowed ?? 0,
    ),
    column(
      'healthy',
      'Healthy',
      'text',
      ({ status }: DisruptionBudget) =>
        `${status?.currentHealthy ?? 0}/${status?.desiredHealthy ?? 0}`,
    ),
    age,
    extra('selector', 'Selector', 'text', (it: DisruptionBudget) =>
      selectorText(it.spec?.selector),
    ),
  ],
})

const textOf = (value: string | number | null | undefined) =>
  value === undefined || value === null ? undefined : String(value)

export const leases = model(lease, {
  columns: [
    column('holder', 'Held by', 'text', (it: Lease) => it.spec?.holderIdentity || undefined),
    column('renewed', 'Renewed', 'age', (it: Lease) => instantOf(it.spec?.renewTime)),
    age,
    extra('duration', 'Seconds', 'number', (it: Lease) => it.spec?.leaseDurationSeconds),
    extra('changes', 'Changes of holder', 'number', (it: Lease) => it.spec?.leaseTransitions),
    extra('acquired', 'Taken', 'age', (it: Lease) => instantOf(it.spec?.acquireTime)),
  ],
})

export const priorityClasses = model(priorityClass, {
  columns: [
    column('value', 'Value', 'number', (it: PriorityClass) => it.value ?? 0),
    column('default', 'Default', 'text', (it: PriorityClass) => (it.globalDefault ? 'yes' : 'no')),
    column('preemption', 'Pushes others out', 'text', (it: PriorityClass) => it.preemptionPolicy),
    age,
    extra('description', 'Description', 'text', (it: PriorityClass) => it.description || undefined),
  ],
})

const lastSeenOf = (it: NewEvent) =>
  instantOf(it.series?.lastObservedTime) ??
  instantOf(it.deprecatedLastTimestamp) ??
  instantOf(it.eventTime) ??
  instantOf(it.metadata?.creationTimestamp)

/** The same columns as the events of the core group. */
export const newEvents = model(newEvent, {
  status: eventStatus,
  columns: [
    statusColumn('Type'),
    column('reason', 'Reason', 'text', (it: NewEvent) => it.reason),
    column('object', 'Object', 'text', ({ regarding: it }: NewEvent) =>
      it?.kind ? `${it.kind}/${it.name ?? ''}` : undefined,
    ),
    column('message', 'Message', 'text', (it: NewEvent) => it.note?.trim()),
    column(
      'count',
      'Count',
      'number',
      (it: NewEvent) => it.series?.count || it.deprecatedCount || 1,
    ),
    latestFirst(column('lastSeen', 'Last seen', 'age', lastSeenOf)),
    extra(
      'source',
      'Source',
      'text',
      (it: NewEvent) => it.deprecatedSource?.component || it.reportingController,
    ),
    extra(
      'firstSeen',
      'First seen',
      'age',
      (it: NewEvent) => instantOf(it.deprecatedFirstTimestamp) ?? instantOf(it.eventTime),
    ),
    extra('objectUid', 'Object’s uid', 'text', (it: NewEvent) => it.regarding?.uid),
    { ...age, extra: true },
  ],
})
