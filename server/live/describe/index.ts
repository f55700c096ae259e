import type { Reason } from '../../contract/objects.ts'
import { ReadFailure } from '../rows/failure.ts'
import { modelOf } from '../rows/models.ts'
import { conditionReasons } from './conditions.ts'
import { rankOf, reason, worstFirst, type Asked, type Described, type Status } from './described.ts'
import { warningReasons } from './events.ts'
import { claimReasons, ingressReasons, nodeReasons, serviceReasons } from './others.ts'
import { podReasons } from './pods.ts'
import { statusOf } from './status.ts'
import { autoscalerReasons, jobReasons, workloadReasons } from './workloads.ts'

const reasonsOf: Readonly<Record<string, (asked: Asked) => Reason[]>> = {
  '/pods': podReasons,
  '/nodes': nodeReasons,
  '/persistentvolumeclaims': claimReasons,
  '/services': serviceReasons,
  'apps/deployments': workloadReasons,
  'apps/replicasets': workloadReasons,
  'apps/statefulsets': workloadReasons,
  'apps/daemonsets': workloadReasons,
  'batch/jobs': jobReasons,
  'autoscaling/horizontalpodautoscalers': autoscalerReasons,
  'networking.k8s.io/ingresses': ingressReasons,
}

const mostReasons = 30

/**
 * How an object is and why it is not better, by the functions that make its row.
 * @throws ReadFailure when the object has not the shape of its kind
 */
export function describeObject(asked: Asked): Described {
  const status = statusOf(asked.kind, asked.object)
  try {
    const reasons = worstFirst(withStatus(status, found(asked))).slice(0, mostReasons)
    return { ...overall(status, reasons), reasons }
  } catch (cause) {
    throw new ReadFailure('an object has not the shape of its kind', { cause })
  }
}

function found(asked: Asked): Reason[] {
  const { group, resource } = asked.kind
  const id = `${group}/${resource}`
  const own = Object.hasOwn(reasonsOf, id) ? reasonsOf[id] : undefined
  if (own) return own(asked)
  const conditions = modelOf(asked.kind) ? [] : conditionReasons(asked.object)
  return [...conditions, ...warningReasons(asked.events ?? [])]
}

const isWell = ({ tone }: Status) => tone === 'ok' || tone === 'done'

/** What the status itself gives as its reason counts where nothing says more. */
function withStatus(status: Status, reasons: Reason[]): Reason[] {
  const isTold = reasons.some((it) => rankOf(it.tone) <= rankOf(status.tone))
  if (isTold || (isWell(status) && !status.reason)) return reasons
  if (status.text === '' || !status.reason) return reasons
  return [...reasons, reason(status.tone, status.text, status.reason)]
}

/** An object that looks well and is not (a Service without endpoints) is as its worst reason. */
function overall(status: Status, [worst]: readonly Reason[]) {
  const isWorse = worst?.tone === 'failed' && isWell(status)
  return { tone: isWorse ? worst.tone : status.tone, status: status.text }
}

export { ReadFailure } from '../rows/failure.ts'
export { statusOf } from './status.ts'
export type { Asked, Described, Related } from './described.ts'
