import type { Call } from '../call.ts'
import type { ResourceInfo } from '../request-info.ts'
import type { KubernetesObject } from '../review-codec.ts'

/** A review that is answered in the gateway, because the cluster knows the profile and not the person. */
export interface Review {
  readonly call: Call
  readonly info: ResourceInfo
  readonly object: KubernetesObject
  /** Asks the cluster the same of the profile. @throws AppError */
  askCluster(): Promise<KubernetesObject>
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
