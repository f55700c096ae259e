import type { ObjectRef } from '#gateway/place.ts'
import type { RightAsk } from '../../data/rights.ts'
import { home } from '../../data/bridge.ts'
import { kindName } from '../../data/kinds.ts'
import {
  openDrain,
  openEditor,
  openLogs,
  openPodLogs,
  openShell,
  openAttach,
} from './open-panes.ts'
import { requestAction, type BulkAction } from './requests.ts'

export type ActionId =
  | BulkAction
  | 'logs'
  | 'previousLogs'
  | 'shell'
  | 'attach'
  | 'debug'
  | 'forward'
  | 'forwardInApp'
  | 'rollBack'
  | 'drain'
  | 'edit'

/** A cron job may be suspended and a node cordoned. */
export type Halting = 'running' | 'halted'

/** An action before it is known whether it may be done. */
export interface ActionPlan {
  readonly id: ActionId
  readonly keys?: string
  readonly danger?: boolean
  /** Needs exactly one object. */
  readonly single?: boolean
  /** Makes sense only for what runs, or only for what was halted. */
  readonly on?: Halting
  readonly ask: (target: ObjectRef) => RightAsk
  readonly run: (targets: readonly ObjectRef[], uids: readonly (string | undefined)[]) => void
}

const ask =
  (verb: string, over: Partial<RightAsk> = {}) =>
  ({ group, resource, namespace, name }: ObjectRef): RightAsk => ({
    verb,
    group,
    resource,
    name,
    ...(namespace && { namespace }),
    ...over,
  })

/** A right on something else of the same namespace; the object’s own name says nothing there. */
const askAbout =
  (verb: string, group: string, resource: string, subresource?: string) =>
  ({ namespace }: ObjectRef): RightAsk => ({
    verb,
    group,
    resource,
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
  })

const first = (run: (target: ObjectRef) => void) => (targets: readonly ObjectRef[]) => {
  const [target] = targets
  if (target) run(target)
}

const dialog = (action: Exclude<BulkAction, 'remove'>) => (targets: readonly ObjectRef[]) => {
  requestAction({ action, targets })
}

const logs: ActionPlan = {
  id: 'logs',
  keys: 'l',
  single: true,
  ask: askAbout('get', '', 'pods', 'log'),
  run: first((it) => {
    openLogs(it)
  }),
}
const restart: ActionPlan = { id: 'restart', keys: 'r', ask: ask('patch'), run: dialog('restart') }
const scale: ActionPlan = {
  id: 'scale',
  keys: 'shift+s',
  ask: ask('patch', { subresource: 'scale' }),
  run: dialog('scale'),
}
const rollBack: ActionPlan = {
  id: 'rollBack',
  single: true,
  ask: ask('patch'),
  run: first((target) => {
    requestAction({ action: 'rollBack', target })
  }),
}

const podPlans: readonly ActionPlan[] = [
  { ...logs, single: false, run: openPodLogs },
  {
    ...logs,
    id: 'previousLogs',
    keys: 'p',
    run: first((it) => {
      openLogs(it, { previous: true })
    }),
  },
  {
    id: 'shell',
    keys: 's',
    single: true,
    ask: ask('create', { subresource: 'exec' }),
    run: first((it) => {
      openShell(it)
    }),
  },
  {
    id: 'attach',
    keys: 'a',
    single: true,
    ask: ask('create', { subresource: 'attach' }),
    run: first((it) => {
      openAttach(it)
    }),
  },
  {
    id: 'debug',
    single: true,
    ask: ask('patch', { subresource: 'ephemeralcontainers' }),
    run: first((target) => {
      requestAction({ action: 'debug', target })
    }),
  },
]

const forward: ActionPlan = {
  id: 'forward',
  keys: 'f',
  single: true,
  ask: ask('create', { subresource: 'portforward' }),
  run: first((target) => {
    requestAction({ action: 'forward', target })
  }),
}

/** A browser opens no ports: it leads to what does, beside this page so that nothing here ends. */
const forwardInApp: ActionPlan = {
  ...forward,
  id: 'forwardInApp',
  run: () => {
    window.open('/download', '_blank', 'noopener')
  },
}

const plans: Readonly<Record<string, readonly ActionPlan[]>> = {
  pods: [...podPlans, home === 'desktop' ? forward : forwardInApp],
  'deployments.apps': [logs, scale, restart, rollBack],
  'statefulsets.apps': [logs, scale, restart, rollBack],
  'daemonsets.apps': [logs, restart, rollBack],
  'replicasets.apps': [logs, scale],
  replicationcontrollers: [logs, scale],
  'jobs.batch': [logs],
  services: [logs],
  'cronjobs.batch': [
    { id: 'trigger', keys: 't', ask: askAbout('create', 'batch', 'jobs'), run: dialog('trigger') },
    { id: 'suspend', on: 'running', ask: ask('patch'), run: dialog('suspend') },
    { id: 'resume', on: 'halted', ask: ask('patch'), run: dialog('resume') },
  ],
  nodes: [
    { id: 'cordon', on: 'running', keys: 'c', ask: ask('patch'), run: dialog('cordon') },
    { id: 'uncordon', on: 'halted', keys: 'u', ask: ask('patch'), run: dialog('uncordon') },
    {
      id: 'drain',
      single: true,
      danger: true,
      ask: ask('patch'),
      run: first((it) => {
        openDrain(it)
      }),
    },
  ],
}

const edit: ActionPlan = {
  id: 'edit',
  keys: 'e',
  single: true,
  ask: ask('patch'),
  run: first((it) => {
    openEditor(it)
  }),
}
const remove: ActionPlan = {
  id: 'remove',
  keys: 'ctrl+d',
  danger: true,
  ask: ask('delete'),
  run: (targets, uids) => {
    requestAction({ action: 'remove', targets, uids })
  },
}

/** Kinds that lead to pods, to one of which a port is forwarded. */
const leading = new Set([
  'services',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'replicationcontrollers',
])
const forwardToPod: ActionPlan = {
  ...forward,
  ask: askAbout('create', '', 'pods', 'portforward'),
}

/** All that can be done with a kind; whether this person may is another question. */
export const plansFor = (ref: Pick<ObjectRef, 'group' | 'resource'>): readonly ActionPlan[] => [
  ...(plans[kindName(ref)] ?? []),
  edit,
  ...(home === 'desktop' && leading.has(kindName(ref)) ? [forwardToPod] : []),
  remove,
]
