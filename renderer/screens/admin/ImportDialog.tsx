import { Button, Checkbox, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Preset } from '#gateway/grants.ts'
import { FormError } from '../../components/FormError.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'

/** Registers a cluster from a pasted kubeconfig: first it is read, then one context is chosen. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts('admin')
  const inspect = useChange(changes.inspectKubeconfig, [])
  const [kubeconfig, setKubeconfig] = useState('')
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('clusterImport')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          inspect.mutate({ kubeconfig })
        }}
      >
        <Textarea
          label={t('kubeconfig')}
          description={t('kubeconfigHint')}
          classNames={{ input: styles['mono'] ?? '' }}
          value={kubeconfig}
          onChange={(event) => setKubeconfig(event.currentTarget.value)}
          rows={8}
          spellCheck={false}
          required
          data-autofocus
        />
        <FormError error={inspect.error} />
        <div className={styles['buttons']}>
          <Button type="submit" variant="default" loading={inspect.isPending}>
            {t('kubeconfigRead')}
          </Button>
        </div>
      </form>
      {inspect.data && (
        <ChooseContext kubeconfig={kubeconfig} contexts={inspect.data} onClose={onClose} />
      )}
    </Modal>
  )
}

interface ChooseProps {
  readonly kubeconfig: string
  readonly contexts: Awaited<ReturnType<typeof changes.inspectKubeconfig>>
  readonly onClose: () => void
}

function ChooseContext({ kubeconfig, contexts, onClose }: ChooseProps) {
  const t = useTexts('admin')
  const run = useChange(changes.importCluster, ['clusters', 'profiles'])
  const first = contexts.find((it) => it.refused === undefined)?.name
  const [context, setContext] = useState<string | null>(first ?? null)
  const [id, setId] = useState(slugOf(first ?? ''))
  const [name, setName] = useState(first ?? '')
  const [presets, setPresets] = useState<string[]>(Preset.options)
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (context === null) return
        const chosen = Preset.options.filter((it) => presets.includes(it))
        run.mutate({ kubeconfig, context, id, name, presets: chosen }, { onSuccess: onClose })
      }}
    >
      <Select
        label={t('context')}
        data={contexts.map((it) => ({
          value: it.name,
          label: [it.name, it.refused ?? it.address].filter(Boolean).join(': '),
          disabled: it.refused !== undefined,
        }))}
        value={context}
        onChange={setContext}
        required
      />
      <TextInput
        label={t('clusterName')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
      />
      <TextInput
        label={t('clusterId')}
        description={t('clusterIdHint')}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        required
      />
      <Checkbox.Group label={t('presets')} value={presets} onChange={setPresets}>
        <div className={styles['filters']}>
          {Preset.options.map((it) => (
            <Checkbox key={it} value={it} label={it} />
          ))}
        </div>
      </Checkbox.Group>
      <FormError error={run.error} />
      <div className={styles['buttons']}>
        {run.isPending && <span className={styles['dim']}>{t('importing')}</span>}
        <Button
          type="submit"
          loading={run.isPending}
          disabled={context === null || presets.length === 0}
        >
          {t('importRun')}
        </Button>
      </div>
    </form>
  )
}

const slugOf = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
