import { Textarea, TextInput } from '@mantine/core'
import type { Cluster } from '#gateway/clusters.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'
import type { ReachDraft } from './reach-draft.ts'

interface Props {
  readonly draft: ReachDraft
  readonly onChange: (part: Partial<ReachDraft>) => void
  /** What is in force and stays where nothing is typed. */
  readonly cluster?: Cluster
}

/** How a Kubernetes API server is reached. */
export function ReachFields({ draft, onChange, cluster }: Props) {
  const t = useTexts('admin')
  return (
    <>
      <TextInput
        label={t('address')}
        description={t('addressHint')}
        value={draft.address}
        onChange={(event) => onChange({ address: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
        required
      />
      <Textarea
        label={t('authorityPem')}
        description={
          cluster?.caFingerprint
            ? t('authorityKept', { fingerprint: cluster.caFingerprint.slice(0, 16) })
            : t('authorityHint')
        }
        classNames={{ input: styles['mono'] ?? '' }}
        value={draft.caPem}
        onChange={(event) => onChange({ caPem: event.currentTarget.value })}
        rows={3}
        spellCheck={false}
      />
      <TextInput
        label={t('serverName')}
        description={t('serverNameHint')}
        value={draft.serverName}
        onChange={(event) => onChange({ serverName: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
      />
      <TextInput
        label={t('proxy')}
        description={cluster?.proxy ? t('proxyKept', { proxy: cluster.proxy }) : t('proxyHint')}
        value={draft.proxyUrl}
        onChange={(event) => onChange({ proxyUrl: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
      />
    </>
  )
}
