import { NumberInput, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ObjectRef } from '#gateway/place.ts'
import { isGuarded, propagations, usualPropagation } from '#gateway/removal.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { objectOf } from '../../data/objects.ts'
import { useTexts } from '../../texts/texts.ts'
import { ActionPlace } from './ActionPlace.tsx'
import { runAll, runOne, type BulkOptions, type Result } from './bulk.ts'
import { noticeDone } from './notice.tsx'
import type { BulkAction } from './requests.ts'
import { ResultList } from './ResultList.tsx'
import { undo, undoOf } from './undo.ts'

interface BulkDialogProps {
  readonly action: BulkAction
  readonly targets: readonly ObjectRef[]
  /** Of each of them, where it is known. */
  readonly uids?: readonly (string | undefined)[]
  readonly onClose: () => void
}

/** Asks once for one object or for many, does it, and says what became of each. */
export function BulkDialog({ action, targets, uids = [], onClose }: BulkDialogProps) {
  const t = useTexts('actions')
  const [options, setOptions] = useState<BulkOptions>({ replicas: undefined })
  const [results, setResults] = useState<readonly Result[]>()
  const [first] = targets
  const count = targets.length
  const title = t(`title.${action}`, { count, name: first?.name ?? '' })
  const phase = phaseOf(results)
  const replicas = useReplicas(action === 'scale' && count === 1 ? first : undefined)
  const wanted = { ...options, replicas: options.replicas ?? replicas }
  const typed = typedFor(action, first, (name) => t('typeName', { name }))

  const run = async (confirm: string) => {
    // What is done stays done: only the others are tried again.
    const list = targets.map((_, index) => doneBefore(results?.[index]) ?? waiting)
    const open = targets
      .map((ref, index) => ({ ref, uid: uids[index], index }))
      .filter(({ index }) => list[index] === waiting)
    setResults([...list])
    await runAll(
      open,
      (it) => runOne(action, it, { ...wanted, ...(typed && { confirm }) }),
      ({ index }, result) => {
        list[index] = result
        setResults([...list])
      },
    )
    if (list.some((it) => it.status === 'failed')) return
    const [only] = list
    const message = count === 1 && only?.status === 'done' ? only.message : t('allDone', { count })
    const back =
      count === 1 ? undoOf(action, { before: replicas, after: wanted.replicas }) : undefined
    noticeDone({ title, message, undo: back && first && (() => undo(back, first)) })
    onClose()
  }
  return (
    <ConfirmDialog
      title={title}
      confirm={phase === 'failed' ? t('again') : t(`do.${action}`)}
      cancel={phase === 'asking' ? t('cancel') : t('close')}
      danger={action === 'remove'}
      busy={phase === 'running'}
      disabled={action === 'scale' && wanted.replicas === undefined}
      {...(typed && { typed })}
      onCancel={onClose}
      onConfirm={(word) => void run(word)}
    >
      <p>{t(`about.${action}`, { count })}</p>
      <ActionPlace places={targets} />
      <Options action={action} target={first} options={wanted} onChange={setOptions} />
      <ResultList targets={targets} results={results ?? []} />
    </ConfirmDialog>
  )
}

const waiting: Result = { status: 'waiting' }

const doneBefore = (result: Result | undefined) => (result?.status === 'done' ? result : undefined)

/** How many there are meant to be now: a number to begin with, not a guess. */
function useReplicas(target: ObjectRef | undefined): number | undefined {
  const { data } = useQuery({
    ...objectOf(target ?? nothing),
    enabled: target !== undefined,
    refetchInterval: false,
  })
  const spec = data?.['spec'] as { readonly replicas?: number } | undefined
  return target && spec ? (spec.replicas ?? 1) : undefined
}

const nothing: ObjectRef = {
  cluster: 'none',
  profile: 'none',
  group: '',
  version: 'v1',
  resource: 'none',
  name: 'none',
}

function phaseOf(results: readonly Result[] | undefined): 'asking' | 'running' | 'failed' | 'done' {
  if (!results) return 'asking'
  if (results.some((it) => it.status === 'waiting' || it.status === 'running')) return 'running'
  return results.some((it) => it.status === 'failed') ? 'failed' : 'done'
}

const typedFor = (
  action: BulkAction,
  target: ObjectRef | undefined,
  label: (name: string) => string,
) =>
  action === 'remove' && target && isGuarded(target)
    ? { word: target.name, label: label(target.name) }
    : undefined

interface OptionsProps {
  readonly action: BulkAction
  readonly target: ObjectRef | undefined
  readonly options: BulkOptions
  readonly onChange: (options: BulkOptions) => void
}

function Options({ action, target, options, onChange }: OptionsProps) {
  const t = useTexts('actions')
  if (action === 'scale')
    return (
      <NumberInput
        size="xs"
        label={t('replicas')}
        min={0}
        max={10_000}
        allowDecimal={false}
        value={options.replicas ?? ''}
        data-autofocus
        onChange={(value) => {
          onChange({ ...options, replicas: value === '' ? undefined : Number(value) })
        }}
      />
    )
  if (action !== 'remove' || !target) return null
  return (
    <Select
      size="xs"
      label={t('propagation')}
      allowDeselect={false}
      value={options.propagation ?? usualPropagation(target)}
      data={propagations.map((value) => ({ value, label: t(`propagations.${value}`) }))}
      onChange={(value) => {
        const propagation = propagations.find((it) => it === value)
        if (propagation) onChange({ ...options, propagation })
      }}
    />
  )
}
