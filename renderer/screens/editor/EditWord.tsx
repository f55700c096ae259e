import { PaneNotice } from '../../components/PaneBar.tsx'
import type { Word } from '../../data/editor/flow.ts'
import { useTexts } from '../../texts/texts.ts'

/** What the editor has to say about the text or the last step. */
export function EditWord({ word }: { word: Word | undefined }) {
  const t = useTexts('editor')
  switch (word?.kind) {
    case undefined:
      return null
    case 'failed':
      return <PaneNotice tone="failed">{t('failed', { reason: word.error.message })}</PaneNotice>
    case 'broken':
      return (
        <PaneNotice tone="failed">
          {word.reason === ''
            ? t('brokenUnknown')
            : t('broken', { line: word.line, reason: word.reason })}
        </PaneNotice>
      )
    case 'merged':
      return (
        <PaneNotice tone="warning">
          {word.conflicts === 0 ? t('merged') : t('mergedConflicts', { count: word.conflicts })}
        </PaneNotice>
      )
    case 'saved':
      return <PaneNotice tone="ok">{t('saved')}</PaneNotice>
    case 'draft':
      return <PaneNotice tone="warning">{t('draft')}</PaneNotice>
    case 'same':
      return <PaneNotice tone="done">{t('same')}</PaneNotice>
  }
}
