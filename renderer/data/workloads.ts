import { queryOptions } from '@tanstack/react-query'
import type { ObjectRef } from '#gateway/place.ts'
import { gateway } from './bridge.ts'
import { refKey, refreshObjects } from './objects.ts'

/** A workload is always in a namespace; without one the gateway refuses it by name. */
const workload = ({ namespace = '', ...ref }: ObjectRef) => ({ ...ref, namespace })
const cronJob = ({ cluster, profile, namespace = '', name }: ObjectRef) => ({
  cluster,
  profile,
  namespace,
  name,
})

export const revisionsOf = (ref: ObjectRef) =>
  queryOptions({
    queryKey: ['workloads', 'revisions', ...refKey(ref)],
    queryFn: async () => (await gateway.workloads.revisions(workload(ref))).revisions,
    staleTime: 0,
  })

const fresh = <T>(call: Promise<T>): Promise<T> => call.finally(() => void refreshObjects())

export const scaleWorkload = (ref: ObjectRef, replicas: number) =>
  fresh(gateway.workloads.scale({ ...workload(ref), replicas }))

export const restartWorkload = (ref: ObjectRef) => fresh(gateway.workloads.restart(workload(ref)))

export const rollBackWorkload = (ref: ObjectRef, revision: number) =>
  fresh(gateway.workloads.rollback({ ...workload(ref), revision }))

export const suspendCronJob = (ref: ObjectRef, suspended: boolean) =>
  fresh(gateway.workloads.suspend({ ...cronJob(ref), suspended }))

export const triggerCronJob = (ref: ObjectRef) => fresh(gateway.workloads.trigger(cronJob(ref)))
