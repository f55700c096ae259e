import {
  autocompletion,
  closeBrackets,
  startCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, foldKeymap, indentUnit } from '@codemirror/language'
import { linter, lintGutter, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useEffect, useRef, type RefObject } from 'react'
import { conflictTools, type ConflictTexts } from './conflict-tools.ts'
import styles from './Editor.module.css'
import { ownerGutter, setOwners, type OwnerLabel } from './owner-gutter.ts'
import { editorLook } from './theme.ts'

export interface EditorSuggestion {
  readonly label: string
  readonly text: string
  readonly detail: string
  readonly info: string
  readonly required: boolean
}

export interface EditorHelp {
  readonly check: (text: string) => readonly Diagnostic[]
  readonly complete: (
    text: string,
    offset: number,
  ) => { readonly from: number; readonly items: readonly EditorSuggestion[] } | undefined
  readonly explain: (
    text: string,
    offset: number,
  ) => { readonly title: string; readonly text: string; readonly note: string } | undefined
}

interface YamlEditorProps {
  readonly label: string
  /** Another edition takes `text` in; otherwise the editor’s own text is the truth. */
  readonly edition: number
  readonly text: string
  readonly readOnly: boolean
  readonly help: EditorHelp
  readonly conflicts: ConflictTexts
  /** Absent: no column for owners. */
  readonly owners: ReadonlyMap<number, OwnerLabel> | undefined
  readonly onChange: (text: string) => void
}

type Latest = RefObject<YamlEditorProps>

/** A text area for manifests: colours, folding, help from the schema, conflicts, owners. */
export function YamlEditor(props: YamlEditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const latest = useRef(props)
  const parts = useRef({ owners: new Compartment(), readOnly: new Compartment() })
  useEffect(() => {
    latest.current = props
  })

  const { edition, label, readOnly, owners, help } = props
  useEffect(() => {
    const parent = box.current
    if (!parent) return
    const made = new EditorView({ parent, state: startState(latest, parts.current) })
    view.current = made
    showConflict(made, latest.current)
    return () => {
      made.destroy()
      view.current = undefined
    }
  }, [])

  useEffect(() => {
    const it = view.current
    const { text } = latest.current
    if (!it || it.state.doc.toString() === text) return
    it.dispatch({ changes: { from: 0, to: it.state.doc.length, insert: text } })
    showConflict(it, latest.current)
  }, [edition])

  const hasOwners = owners !== undefined
  useEffect(() => {
    view.current?.dispatch({
      effects: parts.current.owners.reconfigure(hasOwners ? ownerGutter : []),
    })
  }, [hasOwners])
  useEffect(() => {
    if (owners) view.current?.dispatch({ effects: setOwners.of(owners) })
  }, [owners])
  useEffect(() => {
    view.current?.dispatch({
      effects: parts.current.readOnly.reconfigure(EditorState.readOnly.of(readOnly)),
    })
  }, [readOnly])
  // The schema came, or words changed: what is underlined is looked at again.
  useEffect(() => {
    view.current?.dispatch({ effects: recheck.reconfigure(checker(latest)) })
  }, [help])

  return <div ref={box} className={styles['editor']} aria-label={label} role="group" />
}

/** What is to be decided is shown, wherever it stands. */
function showConflict(view: EditorView, { text, conflicts }: YamlEditorProps): void {
  const [first] = conflicts.find(text)
  if (!first) return
  const { from } = view.state.doc.line(first.first + 1)
  view.dispatch({
    selection: { anchor: from },
    effects: EditorView.scrollIntoView(from, { y: 'center' }),
  })
}

const recheck = new Compartment()

const checker = (latest: Latest) =>
  linter((view) => [...latest.current.help.check(view.state.doc.toString())], { delay: 300 })

function startState(
  latest: Latest,
  parts: { readonly owners: Compartment; readonly readOnly: Compartment },
): EditorState {
  const { text, label, conflicts, owners, readOnly } = latest.current
  return EditorState.create({
    doc: text,
    extensions: [
      parts.owners.of(owners ? ownerGutter : []),
      parts.readOnly.of(EditorState.readOnly.of(readOnly)),
      recheck.of(checker(latest)),
      lintGutter(),
      lineNumbers(),
      foldGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      bracketMatching(),
      closeBrackets(),
      yaml(),
      indentUnit.of('  '),
      editorLook,
      conflictTools(conflicts),
      autocompletion({
        override: [(context) => completeAt(context, latest)],
        activateOnTyping: true,
        icons: false,
      }),
      hoverTooltip((view, at) => hoverAt(view, at, latest)),
      keymap.of([
        ...defaultKeymap,
        ...historyKeymap,
        ...foldKeymap,
        ...searchKeymap,
        indentWithTab,
      ]),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) latest.current.onChange(update.state.doc.toString())
      }),
    ],
  })
}

function completeAt(context: CompletionContext, latest: Latest): CompletionResult | null {
  const word = context.matchBefore(/[\w./$-]*/)
  if (!context.explicit && (!word || word.from === word.to)) return null
  const found = latest.current.help.complete(context.state.doc.toString(), context.pos)
  if (!found) return null
  return {
    from: found.from,
    validFor: /^[\w./$-]*$/,
    options: found.items.map(toCompletion),
  }
}

const toCompletion = ({ label, text, detail, info, required }: EditorSuggestion): Completion => ({
  label,
  detail,
  boost: required ? 10 : 0,
  ...(info !== '' && { info: () => textNode(info) }),
  apply: (view, _completion, from, to) => {
    view.dispatch({
      changes: { from, to, insert: text },
      selection: { anchor: from + text.length },
      userEvent: 'input.complete',
    })
    // A field that was chosen wants a value or a field below it.
    if (text.endsWith(' ')) startCompletion(view)
  },
})

function hoverAt(view: EditorView, at: number, latest: Latest) {
  const found = latest.current.help.explain(view.state.doc.toString(), at)
  if (!found) return null
  const { from } = view.state.doc.lineAt(at)
  return {
    pos: Math.max(from, at),
    above: true,
    create: () => {
      const dom = document.createElement('div')
      dom.className = 'gh-hover'
      dom.append(
        textNode(found.title, 'gh-hover-title'),
        ...(found.text === '' ? [] : [textNode(found.text)]),
        ...(found.note === '' ? [] : [textNode(found.note, 'gh-hover-note')]),
      )
      return { dom }
    },
  }
}

function textNode(text: string, className = ''): HTMLElement {
  const node = document.createElement('div')
  node.className = className
  node.textContent = text
  return node
}
