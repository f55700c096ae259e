import { Select, TagsInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Preset } from '#gateway/grants.ts'
import { FormDialog } from '../../components/FormDialog.tsx'
import {
  changes,
  clustersOfGateway,
  personsOfGateway,
  profilesOf,
  useChange,
} from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'

/** For how long a grant is given; the key is part of its text’s name. */
const hours = [1, 8, 24, 168, 720] as const
const hourMs = 3_600_000

interface Draft {
  readonly personId: string | null
  readonly clusterId: string
  readonly profileId: string | null
  readonly preset: Preset
  readonly namespaces: string[]
  readonly hours: string
}

/** Lets a person use a profile, within a preset, some namespaces and a time. */
export function GrantDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts('admin')
  const create = useChange(changes.createGrant, ['grants', 'contexts'])
  const [draft, setDraft] = useState<Draft>({
    personId: null,
    clusterId: '',
    profileId: null,
    preset: 'viewer',
    namespaces: [],
    hours: '24',
  })
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const people = useQuery(personsOfGateway).data ?? []
  const clusters = useQuery(clustersOfGateway).data ?? []
  const profiles = useQuery(profilesOf(draft.clusterId)).data ?? []
  const { personId, profileId } = draft
  const onSubmit = () => {
    if (personId === null || profileId === null) return
    create.mutate(grantOf(draft, personId, profileId), { onSuccess: onClose })
  }
  return (
    <FormDialog
      title={t('grantAdd')}
      submit={t('create')}
      busy={create.isPending}
      disabled={personId === null || profileId === null}
      error={create.error}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <Select
        label={t('grantPerson')}
        data={people.map((it) => ({ value: it.id, label: it.name }))}
        value={personId}
        onChange={(it) => change({ personId: it })}
        searchable
        required
        data-autofocus
      />
      <Select
        label={t('grantCluster')}
        data={clusters.map((it) => ({ value: it.id, label: `${it.name} (${it.id})` }))}
        value={draft.clusterId || null}
        onChange={(it) => change({ clusterId: it ?? '', profileId: null })}
        required
      />
      <Select
        label={t('grantProfile')}
        data={profiles.map((it) => ({ value: it.id, label: it.name }))}
        value={profileId}
        onChange={(it) => change({ profileId: it, preset: presetFor(profiles, it, draft) })}
        disabled={draft.clusterId === ''}
        required
      />
      <Select
        label={t('grantPreset')}
        description={t('grantPresetHint')}
        data={Preset.options}
        value={draft.preset}
        onChange={(it) => change({ preset: Preset.catch('viewer').parse(it) })}
        allowDeselect={false}
      />
      <TagsInput
        label={t('grantNamespaces')}
        description={t('grantNamespacesHint')}
        value={draft.namespaces}
        onChange={(namespaces) => change({ namespaces })}
      />
      <Select
        label={t('grantHours')}
        data={[
          ...hours.map((it) => ({ value: String(it), label: t(`hours${it}`) })),
          { value: '', label: t('hoursNever') },
        ]}
        value={draft.hours}
        onChange={(it) => change({ hours: it ?? '' })}
        allowDeselect={false}
      />
    </FormDialog>
  )
}

/** A profile that is called like a preset is most likely meant for it. */
function presetFor(
  profiles: readonly { readonly id: string; readonly name: string }[],
  id: string | null,
  draft: Draft,
): Preset {
  return Preset.catch(draft.preset).parse(profiles.find((it) => it.id === id)?.name)
}

function grantOf(draft: Draft, personId: string, profileId: string) {
  const { preset, namespaces } = draft
  const end = draft.hours === '' ? undefined : Date.now() + Number(draft.hours) * hourMs
  return {
    personId,
    profileId,
    preset,
    ...(namespaces.length > 0 && { namespaces }),
    ...(end !== undefined && { expiresAt: new Date(end).toISOString() }),
  }
}
