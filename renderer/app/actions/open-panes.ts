import { notifications } from '@mantine/notifications'
import type { ObjectRef, Place } from '#gateway/place.ts'
import { podGroups } from '../../data/logs/pod-groups.ts'
import { selectorOf } from '../../data/logs/selector.ts'
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

/** A shell on this machine whose kubectl, helm and k9s speak to the place; in a browser, where to get it. */
export function openLocalTerminal(place: Place, namespace?: string): void {
  openDockTab({
    kind: 'local-terminal',
    title: textsOf('frame')('localTerminalTab', { ...place }),
    place,
    ...(namespace && { namespace }),
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
  for (const { first, names, leftOut } of podGroups(pods)) {
    const others = names.length - 1
    openDockTab({
      kind: 'logs',
      title: others === 0 ? first.name : `${first.name} +${String(others)}`,
      place: placeOf(first),
      input: { ...logsBase(first), pods: [...names] },
      ...(leftOut > 0 && { leftOut }),
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
