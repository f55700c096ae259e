import type { Reason } from '../../contract/objects.ts'
import type { KubernetesObject, Tone } from '../../contract/place.ts'
import { isObject, metadataOf } from '../rows/table.ts'
import { reason, type Status } from './described.ts'

/** A condition of an object that nobody here knows, with only what is text. */
interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

const mostConditions = 100

function conditionsOf(object: KubernetesObject): Condition[] {
  const { status } = object
  const list = isObject(status) ? status['conditions'] : undefined
  if (!Array.isArray(list)) return []
  return list
    .slice(0, mostConditions)
    .filter(isObject)
    .map((it) => ({
      type: textOf(it['type']),
      status: textOf(it['status']),
      reason: textOf(it['reason']),
      message: textOf(it['message']),
    }))
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

/** Conditions that are bad when they hold; all others are good then. */
const badWhenTrue =
  /Fail|Error|Degraded|Stalled|Pressure|Unavailable|Unhealthy|Invalid|Conflict|NonStructural|Lost|OutOf|Violat|Disruption|Blocked/
/** Neither says how something is. */
const neutral = /^(Progressing|Paused|Suspended|Terminating|Reconciling|ScalingLimited)$/
/** In which the whole says how it is, most telling first. */
const summaries = ['Ready', 'Available', 'Healthy', 'Established', 'Accepted', 'Complete', 'Synced']

export function conditionReasons(object: KubernetesObject): Reason[] {
  return conditionsOf(object).flatMap(({ type, status, reason: why, message }) => {
    const detail = [why, message].filter(Boolean).join(': ')
    if (neutral.test(type)) return []
    if (badWhenTrue.test(type))
      return status === 'True' ? [reason('failed', `${type} holds`, detail, type)] : []
    if (status === 'False') return [reason(toneOfFalse(type), `Not ${type}`, detail, type)]
    if (status === 'Unknown') return [reason('progress', `${type} is not known`, detail, type)]
    return []
  })
}

const toneOfFalse = (type: string): Tone => (summaries.includes(type) ? 'failed' : 'warning')

/** How an object is whose kind has no model: by its conditions, else by its phase. */
export function customStatus(object: KubernetesObject): Status {
  const { deletionTimestamp, finalizers } = metadataOf(object)
  if (deletionTimestamp) {
    const held = finalizers?.length ? `Held by ${finalizers.join(', ')}` : undefined
    return { tone: 'ending', text: 'Terminating', reason: held }
  }
  const conditions = conditionsOf(object)
  for (const type of summaries) {
    const condition = conditions.find((it) => it.type === type)
    if (condition) return summaryOf(condition)
  }
  const { status } = object
  const phase = isObject(status) ? textOf(status['phase'] ?? status['state']) : ''
  const [worst] = conditionReasons(object)
  return { tone: worst?.tone ?? 'ok', text: phase.slice(0, 100), reason: worst?.detail }
}

function summaryOf({ type, status, reason: why, message }: Condition): Status {
  const detail = [why, message].filter(Boolean).join(': ') || undefined
  if (status === 'True') {
    return { tone: type === 'Complete' ? 'done' : 'ok', text: type, reason: undefined }
  }
  const tone = status === 'False' ? 'failed' : 'progress'
  return { tone, text: status === 'False' ? `Not ${type}` : `${type} unknown`, reason: detail }
}
