import type { StatusCell } from '../../../contract/views.ts'
import {
  configMap,
  limitRange,
  namespace,
  resourceQuota,
  secret,
  serviceAccount,
  type LimitRange,
  type ResourceQuota,
} from '../fields/core.ts'
import type { Shape } from '../fields/table.ts'
import { column, extra, model, statusColumn } from '../model.ts'
import { amountOf } from '../quantity.ts'
import { age, pairsOf } from './shared.ts'
import { conditionOf, isTrue, said, sayingOf } from './tones.ts'

type Namespace = Shape<typeof namespace>
type ConfigMap = Shape<typeof configMap>
type Secret = Shape<typeof secret>
type ServiceAccount = Shape<typeof serviceAccount>

/** Why a namespace does not go away, worst first. */
const hindrances = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
]

function namespaceStatus({ status }: Namespace): StatusCell {
  if (status?.phase !== 'Terminating') return said(status?.phase || 'Active', 'ok')
  const held = hindrances.map((it) => conditionOf(status.conditions, it)).find(isTrue)
  return said('Terminating', 'ending', sayingOf(held))
}

export const namespaces = model(namespace, {
  status: namespaceStatus,
  columns: [
    statusColumn(),
    age,
    extra('labels', 'Labels', 'text', (it: Namespace) => pairsOf(it.metadata?.labels) || undefined),
  ],
})

const keysOf = (...maps: (Readonly<Record<string, unknown>> | null | undefined)[]) =>
  maps.flatMap((it) => Object.keys(it ?? {})).sort()

export const configMaps = model(configMap, {
  columns: [
    column('keys', 'Keys', 'number', (it: ConfigMap) => keysOf(it.data, it.binaryData).length),
    age,
    extra('keyNames', 'Key names', 'text', (it: ConfigMap) =>
      namesOf(keysOf(it.data, it.binaryData)),
    ),
    extra('immutable', 'Immutable', 'text', (it: ConfigMap) => (it.immutable ? 'yes' : 'no')),
  ],
})

export const secrets = model(secret, {
  columns: [
    column('type', 'Type', 'text', (it: Secret) => it.type),
    column('keys', 'Keys', 'number', (it: Secret) => keysOf(it.data).length),
    column('keyNames', 'Key names', 'text', (it: Secret) => namesOf(keysOf(it.data))),
    age,
    extra('immutable', 'Immutable', 'text', (it: Secret) => (it.immutable ? 'yes' : 'no')),
  ],
})

/** A row is no place for a thousand names. */
const namesOf = (names: readonly string[]): string | undefined =>
  names.length > 50
    ? `${names.slice(0, 50).join(', ')}, … (${names.length})`
    : names.join(', ') || undefined

export const serviceAccounts = model(serviceAccount, {
  columns: [
    column('secrets', 'Secrets', 'number', (it: ServiceAccount) => it.secrets?.length ?? 0),
    age,
    extra(
      'pullSecrets',
      'Pull secrets',
      'text',
      (it: ServiceAccount) => it.imagePullSecrets?.map(({ name }) => name).join(', ') || undefined,
    ),
    extra('automount', 'Token in pods', 'text', (it: ServiceAccount) =>
      it.automountServiceAccountToken === false ? 'no' : 'yes',
    ),
  ],
})

/** From this share on a quota is nearly used up. */
const nearly = 0.9

function quotaStatus({ status }: ResourceQuota): StatusCell {
  const shares = Object.entries(status?.hard ?? {}).map(([name, hard]) => {
    const most = amountOf(hard) ?? 0
    const used = amountOf(status?.used?.[name]) ?? 0
    return { name, share: most === 0 ? Number(used > 0) : used / most }
  })
  const full = shares.filter((it) => it.share >= 1).map((it) => it.name)
  if (full.length > 0) return said('Full', 'warning', `No ${full.join(', ')} left`)
  const near = shares.filter((it) => it.share >= nearly).map((it) => it.name)
  if (near.length > 0) return said('Nearly full', 'warning', `Little ${near.join(', ')} left`)
  return said('Free', 'ok')
}

export const resourceQuotas = model(resourceQuota, {
  status: quotaStatus,
  columns: [
    column('used', 'Used', 'text', ({ status }: ResourceQuota) =>
      Object.entries(status?.hard ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, hard]) => `${name}: ${status?.used?.[name] ?? '0'}/${hard}`)
        .join(', '),
    ),
    statusColumn(),
    age,
  ],
})

export const limitRanges = model(limitRange, {
  columns: [
    column('limits', 'Limits', 'text', ({ spec }: LimitRange) =>
      spec?.limits?.map(limitText).join('; '),
    ),
    age,
  ],
})

type Limit = NonNullable<NonNullable<LimitRange['spec']>['limits']>[number]

function limitText(limit: Limit): string {
  const names = ['min', 'max', 'defaultRequest', 'default'] as const
  const parts = names.flatMap((it) => {
    const pairs = pairsOf(limit[it])
    return pairs ? [`${it} ${pairs}`] : []
  })
  return `${limit.type ?? ''}: ${parts.join(', ')}`
}
