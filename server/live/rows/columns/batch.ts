import type { StatusCell } from '../../../contract/views.ts'
import { cronJob, job, type CronJob, type Job } from '../fields/batch.ts'
import { instantOf } from '../instant.ts'
import { column, extra, model, statusColumn } from '../model.ts'
import { imagesOf } from './pods.ts'
import { age } from './shared.ts'
import { conditionOf, isTrue, said, sayingOf } from './tones.ts'

/** `Complete`, `Failed`, `Suspended` or `Running`, as the conditions of a Job say. */
function jobStatus({ spec, status }: Job): StatusCell {
  const { conditions, failed = 0, active = 0 } = status ?? {}
  const failure = conditionOf(conditions, 'Failed')
  if (isTrue(failure)) return said('Failed', 'failed', sayingOf(failure))
  if (isTrue(conditionOf(conditions, 'Complete'))) return said('Complete', 'done')
  const failing = conditionOf(conditions, 'FailureTarget')
  if (isTrue(failing)) return said('Failing', 'failed', sayingOf(failing))
  if (spec?.suspend) return said('Suspended', 'done')
  if (failed > 0) return said('Running', 'warning', `${failed} pods have failed`)
  return said(active > 0 ? 'Running' : 'Waiting', 'progress')
}

function completionsOf({ spec, status }: Job): string {
  const done = status?.succeeded ?? 0
  if (spec?.completions) return `${done}/${spec.completions}`
  const { parallelism = 1 } = spec ?? {}
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`
}

const count = (key: 'active' | 'succeeded' | 'failed') => (it: Job) => it.status?.[key] ?? 0

export const jobs = model(job, {
  status: jobStatus,
  columns: [
    column('completions', 'Completions', 'text', completionsOf),
    statusColumn(),
    column('active', 'Active', 'number', count('active')),
    column('failed', 'Failed', 'number', count('failed')),
    column('startedAt', 'Started', 'age', (it: Job) => instantOf(it.status?.startTime)),
    column('completedAt', 'Completed', 'age', (it: Job) => instantOf(it.status?.completionTime)),
    age,
    extra('succeeded', 'Succeeded', 'number', count('succeeded')),
    extra('images', 'Images', 'text', (it: Job) => imagesOf(it.spec?.template?.spec?.containers)),
    extra('owner', 'Controlled by', 'text', (it: Job) => {
      const owner = it.metadata?.ownerReferences?.find(({ controller }) => controller)
      return owner && `${owner.kind}/${owner.name}`
    }),
  ],
  sums: { active: count('active'), failed: count('failed'), succeeded: count('succeeded') },
})

function cronJobStatus({ spec, status }: CronJob): StatusCell {
  if (spec?.suspend) return said('Suspended', 'done')
  return status?.active?.length ? said('Running', 'progress') : said('Scheduled', 'ok')
}

export const cronJobs = model(cronJob, {
  status: cronJobStatus,
  columns: [
    column('schedule', 'Schedule', 'text', (it: CronJob) => it.spec?.schedule),
    statusColumn(),
    column('active', 'Active', 'number', (it: CronJob) => it.status?.active?.length ?? 0),
    column('lastSchedule', 'Last run', 'age', (it: CronJob) =>
      instantOf(it.status?.lastScheduleTime),
    ),
    age,
    extra('suspend', 'Suspended', 'text', (it: CronJob) => (it.spec?.suspend ? 'yes' : 'no')),
    extra('timeZone', 'Time zone', 'text', (it: CronJob) => it.spec?.timeZone),
    extra('concurrency', 'Concurrency', 'text', (it: CronJob) => it.spec?.concurrencyPolicy),
    extra('lastSuccess', 'Last success', 'age', (it: CronJob) =>
      instantOf(it.status?.lastSuccessfulTime),
    ),
  ],
  sums: { active: (it) => it.status?.active?.length },
})
