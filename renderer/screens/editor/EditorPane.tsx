import { useQuery } from '@tanstack/react-query'
import type { DockTabOf } from '../../app/dock.ts'
import { ErrorPanel } from '../../components/ErrorPanel.tsx'
import { Loading } from '../../components/Loading.tsx'
import { editedObjectOf } from '../../data/editor/edited-object.ts'
import { useTexts } from '../../texts/texts.ts'
import { EditObject } from './EditObject.tsx'

/** One object as YAML, from reading it to writing it back. */
export function EditorPane({ tab }: { tab: DockTabOf<'editor'>; visible: boolean }) {
  const t = useTexts('editor')
  const { data, error, refetch } = useQuery(editedObjectOf(tab.target, tab.id))
  if (data) return <EditObject tab={tab} object={data} />
  if (!error) return <Loading label={t('loading')} />
  return (
    <ErrorPanel
      title={t('notRead')}
      detail={error.message}
      action={{ label: t('retry'), run: () => void refetch() }}
    />
  )
}
