import { notifications } from '@mantine/notifications'
import type { ObjectRef, Place } from '#gateway/place.ts'
import { readObject } from '../../data/objects.ts'
import { textsOf } from '../../texts/texts.ts'
import { openDockTab } from '../dock.ts'

const placeOf = ({ cluster, profile }: ObjectRef): Place => ({ cluster, profile })

export function openShell(pod: ObjectRef, container?: string): void {
  openDockTab({
    kind: 'terminal',
    title: container ? `${pod.name}/${container}` : pod.name,
    place: placeOf(pod),
    input: { ...terminalOf(pod), ...(container && { container }), mode: 'exec' },
  })
}

export function openAttach(pod: ObjectRef, container?: string): void {
  openDockTab({
    kind: 'terminal',
    title: pod.name,
    place: placeOf(pod),
    input: { ...terminalOf(pod), ...(container && { container }), mode: 'attach' },
  })
}

export function openDebug(pod: ObjectRef, image: string): void {
  openDockTab({
    kind: 'terminal',
    title: `${pod.name} (${image})`,
    place: placeOf(pod),
    input: { ...terminalOf(pod), mode: 'debug', image },
  })
}

const terminalOf = (pod: ObjectRef) => ({
  ...placeOf(pod),
  namespace: pod.namespace ?? '',
  pod: pod.name,
  command: [],
  tty: true,
  columns: 80,
  rows: 24,
})

interface LogsOptions {
  readonly container?: string
  readonly previous?: boolean
}

const logsBase = (target: ObjectRef) => ({
  ...placeOf(target),
  namespace: target.namespace ?? '',
  previous: false,
  follow: true,
  tail: 1000,
  pattern: false,
})

/** Logs of a pod, or of all pods that a workload selects, those included that start later. */
export function openLogs(
  target: ObjectRef,
  { container, previous = false }: LogsOptions = {},
): void {
  const base = {
    ...logsBase(target),
    previous,
    follow: !previous,
    ...(container && { container }),
  }
  const open = (which: { pods: string[] } | { selector: string }) => {
    const title = container ? `${target.name}/${container}` : target.name
    openDockTab({ kind: 'logs', title, place: placeOf(target), input: { ...base, ...which } })
  }
  if (target.group === '' && target.resource === 'pods') open({ pods: [target.name] })
  else void openSelected(target, open)
}

/** One tab for all pods of a namespace, so that their lines stand in order. */
export function openPodLogs(pods: readonly ObjectRef[]): void {
  const groups = new Map<string, ObjectRef[]>()
  for (const pod of pods) {
    const key = `${pod.cluster}@${pod.profile}/${pod.namespace ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), pod])
  }
  for (const [first, ...rest] of groups.values()) {
    if (!first) continue
    const title = rest.length === 0 ? first.name : `${first.name} +${String(rest.length)}`
    const names = [first, ...rest].map((it) => it.name).slice(0, 50)
    openDockTab({
      kind: 'logs',
      title,
      place: placeOf(first),
      input: { ...logsBase(first), pods: names },
    })
  }
}

async function openSelected(target: ObjectRef, open: (which: { selector: string }) => void) {
  const t = textsOf('actions')
  try {
    const selector = selectorOf(await readObject(target), target)
    if (selector) open({ selector })
    else notifications.show({ color: 'red', message: t('noSelector', { name: target.name }) })
  } catch (error) {
    const message = error instanceof Error ? error.message : t('failed')
    notifications.show({ color: 'red', title: t('logsFailed', { name: target.name }), message })
  }
}

interface Selecting {
  readonly spec?: {
    readonly selector?: {
      readonly matchLabels?: Readonly<Record<string, string>>
    } & Readonly<Record<string, unknown>>
  }
}

/** A Service selects by plain labels, workloads by `matchLabels`, a Job by its own name. */
function selectorOf(object: unknown, { resource, name }: ObjectRef): string | undefined {
  if (resource === 'jobs') return `job-name=${name}`
  const { selector } = (object as Selecting).spec ?? {}
  const labels = selector?.matchLabels ?? selector ?? {}
  return Object.entries(labels)
    .filter((it): it is [string, string] => typeof it[1] === 'string')
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

export function openEditor(target: ObjectRef): void {
  openDockTab({ kind: 'editor', title: target.name, place: placeOf(target), target })
}

export function openDrain(node: ObjectRef): void {
  openDockTab({ kind: 'drain', title: node.name, place: placeOf(node), node: node.name })
}

export function openApply(place: Place, namespace?: string): void {
  const t = textsOf('actions')
  openDockTab({ kind: 'apply', title: t('apply'), place, ...(namespace && { namespace }) })
}
