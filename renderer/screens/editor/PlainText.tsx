import type { EditorHelp } from '../../components/editor/YamlEditor.tsx'
import { PaneNotice } from '../../components/PaneBar.tsx'
import styles from '../../components/editor/Editor.module.css'

interface PlainTextProps {
  readonly label: string
  readonly text: string
  readonly readOnly: boolean
  readonly help: EditorHelp
  readonly onChange: (text: string) => void
}

/** The same text in a field that every screen reader knows; what is wrong is said above it. */
export function PlainText({ label, text, readOnly, help, onChange }: PlainTextProps) {
  const [first] = help.check(text)
  const line = first && text.slice(0, first.from).split('\n').length
  return (
    <div className={styles['pane']} style={{ flex: 1, minWidth: 0 }}>
      {first && (
        <PaneNotice tone={first.severity === 'error' ? 'failed' : 'warning'}>
          {line}: {first.message}
        </PaneNotice>
      )}
      <textarea
        className={styles['plain']}
        aria-label={label}
        spellCheck={false}
        value={text}
        readOnly={readOnly}
        onChange={(event) => {
          onChange(event.currentTarget.value)
        }}
      />
    </div>
  )
}
