import type { StatusCell } from '../../../contract/views.ts'
import { autoscaler, type Autoscaler } from '../fields/autoscaling.ts'
import { instantOf } from '../instant.ts'
import { column, extra, model, statusColumn } from '../model.ts'
import { age } from './shared.ts'
import { conditionOf, isFalse, isTrue, said, sayingOf, type Condition } from './tones.ts'

/** `Unable` when it cannot scale, `Blind` without metrics, `Limited` when it would go further than it may. */
function autoscalerStatus({ status }: Autoscaler): StatusCell {
  const conditions = status?.conditions
  const able = conditionOf(conditions, 'AbleToScale')
  if (isFalse(able)) return said('Unable', 'failed', sayingOf(able))
  const active = conditionOf(conditions, 'ScalingActive')
  if (isFalse(active)) return inactive(active)
  const limited = conditionOf(conditions, 'ScalingLimited')
  // Being held at the minimum is how a quiet service looks.
  if (isTrue(limited) && limited?.reason === 'TooManyReplicas')
    return said('Limited', 'warning', sayingOf(limited))
  if (able === undefined) return said('Waiting', 'progress')
  const { currentReplicas = 0, desiredReplicas = 0 } = status ?? {}
  return currentReplicas === desiredReplicas ? said('Ready', 'ok') : said('Scaling', 'progress')
}

const inactive = (active: Condition | undefined): StatusCell =>
  active?.reason === 'ScalingDisabled'
    ? said('Disabled', 'done', sayingOf(active))
    : said('Blind', 'failed', sayingOf(active))

function metricsOf({ spec, status }: Autoscaler): string | undefined {
  const texts = spec?.metrics?.map(({ type, resource }) => {
    if (!resource) return type ?? ''
    const now = status?.currentMetrics?.find((it) => it.resource?.name === resource.name)
    return `${resource.name}: ${levelOf(now?.resource?.current)}/${levelOf(resource.target)}`
  })
  return texts?.join(', ') || undefined
}

interface Level {
  readonly averageUtilization?: number | undefined
  readonly averageValue?: string | undefined
  readonly value?: string | undefined
}

function levelOf(level: Level | undefined): string {
  const { averageUtilization, averageValue, value } = level ?? {}
  if (averageUtilization !== undefined && averageUtilization !== null)
    return `${averageUtilization}%`
  return averageValue ?? value ?? '?'
}

export const autoscalers = model(autoscaler, {
  status: autoscalerStatus,
  columns: [
    column('target', 'Scales', 'text', ({ spec }: Autoscaler) =>
      spec?.scaleTargetRef ? `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}` : undefined,
    ),
    statusColumn(),
    column('metrics', 'Metrics', 'text', metricsOf),
    column('min', 'Least', 'number', (it: Autoscaler) => it.spec?.minReplicas ?? 1),
    column('max', 'Most', 'number', (it: Autoscaler) => it.spec?.maxReplicas),
    column('replicas', 'Replicas', 'number', (it: Autoscaler) => it.status?.currentReplicas ?? 0),
    age,
    extra('desired', 'Wanted', 'number', (it: Autoscaler) => it.status?.desiredReplicas ?? 0),
    extra('targetKind', 'Kind', 'text', (it: Autoscaler) => it.spec?.scaleTargetRef?.kind),
    extra('lastScale', 'Last scaled', 'age', (it: Autoscaler) =>
      instantOf(it.status?.lastScaleTime),
    ),
  ],
})
