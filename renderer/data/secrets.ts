import type { ObjectRef } from '#gateway/place.ts'
import { gateway } from './bridge.ts'

/** One value of a Secret. It is not kept in any cache. */
export const revealSecret = ({ cluster, profile, namespace = '', name }: ObjectRef, key: string) =>
  gateway.secrets.reveal({ cluster, profile, namespace, name, key })
