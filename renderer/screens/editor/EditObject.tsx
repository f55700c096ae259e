import { Button } from '@mantine/core'
import { IconReload, IconTextCaption, IconUsers } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { setDockTabTone, type DockTabOf } from '../../app/dock.ts'
import { PaneBar, PaneNote, PaneNotice, PaneSpace, Tool } from '../../components/PaneBar.tsx'
import styles from '../../components/editor/Editor.module.css'
import { YamlEditor } from '../../components/editor/YamlEditor.tsx'
import type { KubernetesObject } from '#gateway/place.ts'
import { conflictsIn, decided } from '../../data/editor/merge.ts'
import { ownersByLine } from '../../data/editor/ownership.ts'
import { useTexts } from '../../texts/texts.ts'
import { EditWord } from './EditWord.tsx'
import { helpOf } from './help.ts'
import { PlainText } from './PlainText.tsx'
import { ReviewView } from './ReviewView.tsx'
import { useEdit, type Editing } from './use-edit.ts'
import { useSchemas } from './use-schemas.ts'

interface EditObjectProps {
  readonly tab: DockTabOf<'editor'>
  readonly object: KubernetesObject
}

export function EditObject({ tab, object }: EditObjectProps) {
  const t = useTexts('editor')
  const { target } = tab
  const editing = useEdit(target, object)
  const { edit, dirty } = editing
  const { step } = edit
  const [plain, setPlain] = useState(false)
  const [owned, setOwned] = useState(true)
  const tone = edit.word?.kind === 'failed' ? 'failed' : dirty ? 'warning' : 'ok'
  useEffect(() => {
    setDockTabTone(tab.id, tone)
  }, [tab.id, tone])

  const inReview = step.status === 'review' || step.status === 'saving'
  return (
    <div className={styles['pane']}>
      <PaneBar label={t('tools')}>
        <PaneNote>
          <span id={`changed-${tab.id}`}>{t(dirty ? 'changed' : 'unchanged')}</span>
        </PaneNote>
        <PaneSpace />
        {inReview ? (
          <ReviewButtons editing={editing} />
        ) : (
          <>
            <Tool
              label={t('owners')}
              icon={<IconUsers size={15} />}
              pressed={owned}
              disabled={plain}
              onClick={() => {
                setOwned(!owned)
              }}
            />
            <Tool
              label={t('plain')}
              icon={<IconTextCaption size={15} />}
              pressed={plain}
              onClick={() => {
                setPlain(!plain)
              }}
            />
            <Tool label={t('reload')} icon={<IconReload size={15} />} onClick={editing.reload} />
            <Button
              size="compact-xs"
              loading={step.status === 'reviewing'}
              aria-describedby={`changed-${tab.id}`}
              onClick={editing.review}
            >
              {t('review')}
            </Button>
          </>
        )}
      </PaneBar>
      <EditWord word={edit.word} />
      {target.group === '' && target.resource === 'secrets' && (
        <PaneNotice tone="warning" live={false}>
          {t(inReview ? 'secretDiff' : 'secretNote')}
        </PaneNotice>
      )}
      <div className={styles['body']}>
        {inReview && <ReviewView review={step.review} />}
        {!inReview && <EditText tab={tab} editing={editing} plain={plain} owned={owned} />}
      </div>
    </div>
  )
}

function ReviewButtons({ editing }: { editing: Editing }) {
  const t = useTexts('editor')
  const saving = editing.edit.step.status === 'saving'
  return (
    <>
      <Button size="compact-xs" variant="default" disabled={saving} onClick={editing.back}>
        {t('back')}
      </Button>
      <Button size="compact-xs" loading={saving} onClick={editing.save} data-autofocus>
        {t('save')}
      </Button>
    </>
  )
}

interface EditTextProps {
  readonly tab: DockTabOf<'editor'>
  readonly editing: Editing
  readonly plain: boolean
  readonly owned: boolean
}

function EditText({ tab, editing, plain, owned }: EditTextProps) {
  const t = useTexts('editor')
  const { edit } = editing
  const { group, version } = tab.target
  const { find, missing } = useSchemas(tab.place, group === '' ? version : `${group}/${version}`)
  const owners = useOwners(edit.text, edit.base)
  const help = useMemo(
    () =>
      helpOf(find, t, (text, offset) => {
        const line = text.slice(0, offset).split('\n').length
        const managers = owners.get(line)?.title
        return managers === undefined ? '' : t('ownedBy', { managers })
      }),
    [find, t, owners],
  )
  const readOnly = edit.step.status !== 'editing'
  if (plain)
    return (
      <PlainText
        label={t('manifest')}
        text={edit.text}
        readOnly={readOnly}
        help={help}
        onChange={editing.type}
      />
    )
  return (
    <div className={styles['pane']} style={{ flex: 1, minWidth: 0 }}>
      {missing && <PaneNotice tone="warning">{t('noSchema')}</PaneNotice>}
      <div className={styles['body']}>
        <YamlEditor
          label={t('manifest')}
          edition={edit.edition}
          text={edit.text}
          readOnly={readOnly}
          help={help}
          conflicts={{
            find: conflictsIn,
            decide: decided,
            labels: { mine: t('keepMine'), theirs: t('keepTheirs'), both: t('keepBoth') },
          }}
          owners={owned ? owners : undefined}
          onChange={editing.type}
        />
      </div>
    </div>
  )
}

type Labels = ReadonlyMap<number, { readonly label: string; readonly title: string }>

/** While a line is half written nothing can be read; what was known stays beside it. */
function useOwners(text: string, base: KubernetesObject): Labels {
  const labels = useMemo(() => ownerLabels(text, base), [text, base])
  const [last, setLast] = useState<Labels>(new Map())
  if (labels && labels !== last) setLast(labels)
  return labels ?? last
}

function ownerLabels(text: string, base: KubernetesObject): Labels | undefined {
  const byLine = ownersByLine(text, base)
  if (!byLine) return undefined
  const labels = new Map<number, { label: string; title: string }>()
  for (const [line, owners] of byLine) {
    const managers = [...new Set(owners.map(({ manager }) => manager))]
    const title = owners
      .map((it) => [it.manager, it.operation, it.at].filter(Boolean).join(' '))
      .join(', ')
    labels.set(line, { label: managers.join(', '), title })
  }
  return labels
}
