import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { AppError } from '#gateway/errors.ts'
import { Preset } from '#gateway/grants.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { FileInput } from '../../components/files/FileInput.tsx'
import { useTextFiles } from '../../components/files/use-text-files.ts'
import { Form } from '../../components/Form.tsx'
import { FormError } from '../../components/FormError.tsx'
import { changes, useChange } from '../../data/admin.ts'
import { useTexts } from '../../texts/texts.ts'
import styles from './admin.module.css'

/** kubectl’s own has no ending; what is in it is looked at by the gateway. */
const rules = {
  endings: ['.yaml', '.yml', '.json', '.conf', '.config', '.kubeconfig', ''],
  most: 1_000_000,
  several: false,
}

/** Registers a cluster from a kubeconfig that is pasted or opened: first it is read, then one context is chosen. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts('admin')
  const inspect = useChange(changes.inspectKubeconfig, [])
  const [kubeconfig, setKubeconfig] = useState('')
  const frame = useTexts('frame')
  // The contexts below are those of the text that was read, never of another.
  const change = (text: string) => {
    setKubeconfig(text)
    inspect.reset()
  }
  const files = useTextFiles(rules, ([file]) => {
    if (file) change(file.text)
  })
  return (
    <Dialog wide title={t('clusterImport')} onClose={onClose}>
      <div {...files.drop}>
        <Form
          error={inspect.error}
          onSubmit={() => inspect.mutate({ kubeconfig })}
          buttons={
            <>
              <FileInput
                files={files}
                button={(open) => (
                  <Button size="xs" variant="default" onClick={open}>
                    {frame('file.open')}
                  </Button>
                )}
              />
              <Button size="xs" type="submit" variant="default" loading={inspect.isPending}>
                {t('kubeconfigRead')}
              </Button>
            </>
          }
        >
          <Textarea
            label={t('kubeconfig')}
            description={t('kubeconfigHint')}
            classNames={{ input: styles['mono'] ?? '' }}
            value={kubeconfig}
            onChange={(event) => change(event.currentTarget.value)}
            rows={8}
            spellCheck={false}
            required
            data-autofocus
          />
          {files.refusals.map((it) => (
            <FormError key={it} error={new AppError('invalid_input', it)} />
          ))}
        </Form>
      </div>
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
