import { statusOf, type Pod } from './pod.ts'

export const isRunning = (pod: Pod, container: string): boolean =>
  statusOf(pod, container)?.state?.running !== undefined

/** Whether a container that does not run will never run again. */
export function isOver(pod: Pod, container: string): boolean {
  const { phase } = pod.status ?? {}
  if (phase === 'Succeeded' || phase === 'Failed') return true
  const ended = statusOf(pod, container)?.state?.terminated
  if (!ended) return false
  const isOf = (list: readonly { readonly name: string }[] | undefined) =>
    list?.some((it) => it.name === container) ?? false
  if (isOf(pod.spec.ephemeralContainers)) return true
  const succeeded = ended.exitCode === 0
  if (isOf(pod.spec.initContainers)) return succeeded
  const { restartPolicy } = pod.spec
  return restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && succeeded)
}
