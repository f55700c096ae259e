import { useState, type DragEvent } from 'react'
import { useTexts } from '../../texts/texts.ts'
import { bytesText } from '../amounts.ts'
import { readTextFiles, type FileRefusal, type FileRules, type ReadFile } from './text-file.ts'

export interface TextFiles {
  readonly rules: FileRules
  /** Why some were not taken, in words. */
  readonly refusals: readonly string[]
  readonly take: (files: readonly File[]) => Promise<void>
  /** For the element on which files may be dropped. */
  readonly drop: {
    readonly onDragOverCapture: (event: DragEvent) => void
    readonly onDropCapture: (event: DragEvent) => void
  }
}

/** Files that are chosen or dropped are read as text, or refused with the reason. */
export function useTextFiles(
  rules: FileRules,
  onRead: (files: readonly ReadFile[]) => void,
): TextFiles {
  const t = useTexts('frame')
  const [refusals, setRefusals] = useState<readonly FileRefusal[]>([])
  const take = async (files: readonly File[]) => {
    const taken = await readTextFiles(files, rules)
    setRefusals(taken.refusals)
    if (taken.read.length > 0) onRead(taken.read)
  }
  const words = {
    endings: rules.endings.filter((it) => it !== '').join(', '),
    most: bytesText(rules.most),
  }
  return {
    rules,
    refusals: refusals.map((it) =>
      t(`file.${it.why}`, { ...words, name: 'name' in it ? it.name : '' }),
    ),
    take,
    // Before an editor takes a file by its own rules, or the browser leaves the page for it.
    drop: {
      onDragOverCapture: (event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        event.stopPropagation()
        event.dataTransfer.dropEffect = 'copy'
      },
      onDropCapture: (event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        event.stopPropagation()
        void take([...event.dataTransfer.files])
      },
    },
  }
}
