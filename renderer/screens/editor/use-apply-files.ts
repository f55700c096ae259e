import { useState } from 'react'
import { useTextFiles, type TextFiles } from '../../components/files/use-text-files.ts'
import { withDocuments } from '../../data/editor/manifest-files.ts'
import { useTexts } from '../../texts/texts.ts'

/** What the gateway takes at once. */
const most = 1_500_000
const rules = { endings: ['.yaml', '.yml', '.json'], most, several: true }

interface ApplyText {
  readonly text: string
  readonly loadText: (text: string) => void
  readonly busy: unknown
}

/** Files are put behind what is written; nothing that somebody wrote is lost. */
export function useApplyFiles({ text, loadText, busy }: ApplyText): TextFiles & {
  readonly told: string | undefined
} {
  const t = useTexts('editor')
  const [told, setTold] = useState<string>()
  const files = useTextFiles(rules, (read) => {
    const names = read.map(({ name }) => name).join(', ')
    if (busy !== undefined) return setTold(t('apply.fileBusy'))
    const next = withDocuments(
      text,
      read.map((it) => it.text),
    )
    if (next.length > most) return setTold(t('apply.fileTooMuch', { names }))
    loadText(next)
    setTold(text.trim() === '' ? t('apply.fileOpened', { names }) : t('apply.fileAdded', { names }))
  })
  return { ...files, told }
}
