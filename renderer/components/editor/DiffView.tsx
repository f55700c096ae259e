import { yaml } from '@codemirror/lang-yaml'
import { MergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import styles from './Editor.module.css'
import { editorLook } from './theme.ts'

interface DiffViewProps {
  readonly before: string
  readonly after: string
  readonly beforeLabel: string
  readonly afterLabel: string
}

/** Two texts side by side; what is the same in both is folded away. */
export function DiffView({ before, after, beforeLabel, afterLabel }: DiffViewProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const parent = box.current
    if (!parent) return
    const side = (doc: string, label: string) => ({
      doc,
      extensions: [
        yaml(),
        editorLook,
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      ],
    })
    const view = new MergeView({
      parent,
      a: side(before, beforeLabel),
      b: side(after, afterLabel),
      collapseUnchanged: { margin: 3, minSize: 6 },
      gutter: true,
    })
    return () => {
      view.destroy()
    }
  }, [before, after, beforeLabel, afterLabel])
  return (
    <div className={styles['diff']}>
      <div className={styles['sides']} aria-hidden>
        <span>{beforeLabel}</span>
        <span>{afterLabel}</span>
      </div>
      <div ref={box} className={styles['merge']} />
    </div>
  )
}
