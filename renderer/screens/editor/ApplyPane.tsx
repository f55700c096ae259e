import { Button, NativeSelect } from '@mantine/core'
import { IconFolderOpen, IconTextCaption } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { AppError } from '#gateway/errors.ts'
import { setDockTabTone, type DockTabOf } from '../../app/dock.ts'
import { placeText } from '../../app/route-text.ts'
import { FileInput } from '../../components/files/FileInput.tsx'
import { PaneBar, PaneNotice, Tool } from '../../components/PaneBar.tsx'
import styles from '../../components/editor/Editor.module.css'
import { YamlEditor } from '../../components/editor/YamlEditor.tsx'
import { applyDocuments, type Applied } from '../../data/editor/apply.ts'
import { applyRefusal } from '../../data/editor/apply-refusal.ts'
import { conflictsIn, decided } from '../../data/editor/merge.ts'
import { namespacesOf } from '../../data/objects.ts'
import { reportError } from '../../data/queries.ts'
import { useTexts } from '../../texts/texts.ts'
import type { Place } from '#gateway/place.ts'
import actionStyles from './actions.module.css'
import { ApplyButtons } from './ApplyButtons.tsx'
import { ApplyResults } from './ApplyResults.tsx'
import { helpOf } from './help.ts'
import { PlainText } from './PlainText.tsx'
import { useApplyFiles } from './use-apply-files.ts'
import { useSchemas, versionsIn } from './use-schemas.ts'

/** Many documents at once: tried first, then applied, each with its own result. */
export function ApplyPane({ tab }: { tab: DockTabOf<'apply'>; visible: boolean }) {
  const t = useTexts('editor')
  const frame = useTexts('frame')
  const apply = useApply(tab)
  const files = useApplyFiles(apply)
  const [plain, setPlain] = useState(false)
  const { text, namespace, busy, applied } = apply
  const hasResults = applied !== undefined && applied.documents.length > 0
  return (
    <div className={styles['pane']} {...files.drop}>
      <PaneBar label={t('apply.tools')}>
        {hasResults && (
          <Button size="compact-xs" variant="default" onClick={apply.forget}>
            {t('back')}
          </Button>
        )}
        <ApplyPlace place={tab.place} />
        <NamespaceSelect tab={tab} namespace={namespace} onChoose={apply.setNamespace} />
        <ApplyButtons
          busy={busy}
          refusal={applyRefusal(text, applied)}
          onRun={(dry) => void apply.run(dry)}
        >
          <FileInput
            files={files}
            button={(open) => (
              <Tool label={frame('file.open')} icon={<IconFolderOpen size={15} />} onClick={open} />
            )}
          />
          <Tool
            label={t('plain')}
            icon={<IconTextCaption size={15} />}
            pressed={plain}
            onClick={() => {
              setPlain(!plain)
            }}
          />
        </ApplyButtons>
      </PaneBar>
      {files.refusals.map((it) => (
        <PaneNotice key={it} tone="failed">
          {it}
        </PaneNotice>
      ))}
      {files.told && !applied && <PaneNotice tone="progress">{files.told}</PaneNotice>}
      <AppliedNotice applied={applied} />
      <div className={styles['body']}>
        {hasResults ? (
          <ApplyResults applied={applied} />
        ) : (
          <ApplyText tab={tab} apply={apply} plain={plain} />
        )}
      </div>
    </div>
  )
}

/** Nobody shall have to look elsewhere to know where this is written. */
function ApplyPlace({ place }: { place: Place }) {
  const t = useTexts('editor')
  const { cluster, profile } = place
  return (
    <b className={actionStyles['place']} title={t('apply.where', { cluster, profile })}>
      {placeText(place)}
    </b>
  )
}

function toneOf(applied: Applied | undefined) {
  if (applied?.error) return 'failed'
  return applied?.dry === false ? 'ok' : 'done'
}

function useApply(tab: DockTabOf<'apply'>) {
  const [text, setText] = useState(tab.text ?? '')
  /** Grows when the text comes from elsewhere than the editor. */
  const [edition, setEdition] = useState(0)
  const [namespace, setNamespace] = useState(tab.namespace ?? '')
  const [last, setLast] = useState<Applied & { of: string }>()
  const [busy, setBusy] = useState<'dry' | 'run'>()
  const asked = `${namespace}\n${text}`
  // Only what was tried just so may be written.
  const applied = last?.of === asked ? last : undefined
  useUnloadGuard(text !== (tab.text ?? '') && last?.dry !== false)

  const tone = toneOf(applied)
  useEffect(() => {
    setDockTabTone(tab.id, tone)
  }, [tab.id, tone])

  return {
    text,
    setText,
    edition,
    loadText: (next: string) => {
      setText(next)
      setEdition(edition + 1)
    },
    namespace,
    setNamespace,
    busy,
    applied,
    forget: () => {
      setLast(undefined)
    },
    run: async (dry: boolean) => {
      setBusy(dry ? 'dry' : 'run')
      const chosen = namespace === '' ? {} : { namespace }
      const done = await applyDocuments({ ...tab.place, ...chosen, documents: text, dry })
      if (done.error) reportError(AppError.from(done.error))
      setLast({ ...done, of: asked })
      setBusy(undefined)
    },
  }
}

interface ApplyTextProps {
  readonly tab: DockTabOf<'apply'>
  readonly apply: ReturnType<typeof useApply>
  readonly plain: boolean
}

function ApplyText({ tab, apply, plain }: ApplyTextProps) {
  const t = useTexts('editor')
  const { text, setText, edition, busy } = apply
  const { find, missing } = useSchemas(tab.place, versionsIn(text))
  const help = useMemo(() => helpOf(find, t), [find, t])
  const readOnly = busy !== undefined
  const input = { label: t('apply.text'), text, readOnly, help, onChange: setText }
  if (plain) return <PlainText {...input} />
  return (
    <div className={styles['pane']} style={{ flex: 1, minWidth: 0 }}>
      {missing && <PaneNotice tone="warning">{t('noSchema')}</PaneNotice>}
      <div className={styles['body']}>
        <YamlEditor
          {...input}
          edition={edition}
          conflicts={{
            find: conflictsIn,
            decide: decided,
            labels: { mine: t('keepMine'), theirs: t('keepTheirs'), both: t('keepBoth') },
          }}
          owners={undefined}
        />
      </div>
    </div>
  )
}

function AppliedNotice({ applied }: { applied: Applied | undefined }) {
  const t = useTexts('editor')
  if (!applied) return null
  if (applied.error) {
    const reason = applied.error.message
    return (
      <PaneNotice tone="failed">
        {applied.dry ? t('apply.failedDry', { reason }) : t('apply.failed', { reason })}
      </PaneNotice>
    )
  }
  return (
    <PaneNotice tone={applied.dry ? 'progress' : 'ok'}>
      {t(applied.dry ? 'apply.wouldBe' : 'apply.done')}
    </PaneNotice>
  )
}

function NamespaceSelect(props: {
  tab: DockTabOf<'apply'>
  namespace: string
  onChoose: (namespace: string) => void
}) {
  const t = useTexts('editor')
  const { tab, namespace, onChoose } = props
  const { data } = useQuery(namespacesOf(tab.place))
  const names = new Set([...(data?.items.map(({ name }) => name) ?? []), namespace])
  names.delete('')
  return (
    <NativeSelect
      size="xs"
      aria-label={t('apply.namespace')}
      title={t('apply.namespace')}
      value={namespace}
      data={[{ value: '', label: t('apply.noNamespace') }, ...names]}
      onChange={(event) => {
        onChoose(event.currentTarget.value)
      }}
    />
  )
}

function useUnloadGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => {
      window.removeEventListener('beforeunload', ask)
    }
  }, [dirty])
}
