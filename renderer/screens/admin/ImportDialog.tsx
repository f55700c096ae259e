import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Preset } from '#gateway/grants.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { Form } from '../../components/Form.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'

/** Registers a cluster from a pasted kubeconfig: first it is read, then one context is chosen. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts('admin')
  const inspect = useChange(changes.inspectKubeconfig, [])
  const [kubeconfig, setKubeconfig] = useState('')
  return (
    <Dialog wide title={t('clusterImport')} onClose={onClose}>
      <Form
        error={inspect.error}
        onSubmit={() => inspect.mutate({ kubeconfig })}
        buttons={
          <Button size="xs" type="submit" variant="default" loading={inspect.isPending}>
            {t('kubeconfigRead')}
          </Button>
        }
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
      </Form>
      {inspect.data && (
        <ChooseContext kubeconfig={kubeconfig} contexts={inspect.data} onClose={onClose} />
      )}
    </Dialog>
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
  const onSubmit = () => {
    if (context === null) return
    const chosen = Preset.options.filter((it) => presets.includes(it))
    run.mutate({ kubeconfig, context, id, name, presets: chosen }, { onSuccess: onClose })
  }
  return (
    <Form
      error={run.error}
      onSubmit={onSubmit}
      buttons={
        <>
          {run.isPending && <span className={styles['dim']}>{t('importing')}</span>}
          <Button
            size="xs"
            type="submit"
            loading={run.isPending}
            disabled={context === null || presets.length === 0}
          >
            {t('importRun')}
          </Button>
        </>
      }
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
    </Form>
  )
}

const slugOf = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
