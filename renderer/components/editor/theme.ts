import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--gh-accent)' },
  { tag: [tags.string, tags.content], color: 'var(--gh-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--gh-ending)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--gh-dim)', fontStyle: 'italic' },
  { tag: [tags.meta, tags.separator, tags.punctuation], color: 'var(--gh-dim)' },
])

const panelled = {
  border: '1px solid var(--gh-line)',
  borderRadius: 'var(--gh-radius)',
  background: 'var(--gh-raised)',
  color: 'var(--gh-text)',
  boxShadow: 'var(--gh-overlay-shadow)',
}

const look = EditorView.theme({
  '&': { height: '100%', background: 'var(--gh-bg)', color: 'var(--gh-text)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--gh-mono)', lineHeight: '19px' },
  '.cm-content': { caretColor: 'var(--gh-accent)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--gh-accent)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    border: 'none',
    borderRight: '1px solid var(--gh-line)',
    background: 'var(--gh-panel)',
    color: 'var(--gh-dim)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'var(--gh-hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { background: 'var(--gh-selected)' },
  '.cm-activeLine .cm-selectionBackground': { background: 'var(--gh-selected)' },
  '.cm-selectionMatch, .cm-matchingBracket': { background: 'var(--gh-accent-soft)' },
  '.cm-foldPlaceholder': {
    border: '1px solid var(--gh-line)',
    background: 'var(--gh-panel)',
    color: 'var(--gh-dim)',
  },
  '.cm-tooltip': panelled,
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--gh-mono)', fontSize: '12px' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--gh-selected)',
    color: 'var(--gh-text)',
  },
  '.cm-completionDetail': { color: 'var(--gh-dim)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { color: 'var(--gh-accent)', textDecoration: 'none' },
  '.cm-tooltip.cm-completionInfo': { maxWidth: '44ch', padding: '8px 10px', lineHeight: '1.45' },
  '.cm-diagnostic': { borderLeftWidth: '3px', fontSize: '12px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--gh-failed)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--gh-warning)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--gh-failed)',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--gh-warning)',
  },
  '.cm-lint-marker': { width: '10px', height: '10px' },
  '.cm-panels': {
    background: 'var(--gh-panel)',
    color: 'var(--gh-text)',
    borderColor: 'var(--gh-line)',
  },
  '.cm-panel.cm-search': { fontFamily: 'var(--gh-font)', fontSize: '12px' },
  '.cm-textfield': {
    border: '1px solid var(--gh-line)',
    background: 'var(--gh-bg)',
    color: 'var(--gh-text)',
  },
  '.cm-button': {
    border: '1px solid var(--gh-line)',
    borderRadius: 'var(--gh-radius)',
    background: 'var(--gh-raised)',
    backgroundImage: 'none',
    color: 'var(--gh-text)',
  },
  '.cm-searchMatch': { background: 'var(--gh-accent-soft)' },
  '.cm-searchMatch-selected': {
    background: 'var(--gh-selected)',
    outline: '1px solid var(--gh-accent)',
  },
  '.gh-hover': {
    maxWidth: '56ch',
    padding: '8px 10px',
    lineHeight: '1.45',
    whiteSpace: 'pre-wrap',
  },
  '.gh-hover-title': { fontFamily: 'var(--gh-mono)', fontSize: '12px' },
  '.gh-hover-note': { color: 'var(--gh-dim)', fontSize: '12px' },
  '.gh-owner-gutter': { minWidth: '14ch', maxWidth: '14ch' },
  '.gh-owner': {
    display: 'block',
    overflow: 'hidden',
    padding: '0 6px',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontFamily: 'var(--gh-font)',
    fontSize: '11px',
  },
  '.gh-conflict-mine': { background: 'var(--gh-accent-soft)' },
  '.gh-conflict-theirs': { background: 'var(--gh-hover)' },
  '.gh-conflict-mark': { background: 'var(--gh-panel)', color: 'var(--gh-warning)' },
  '.gh-conflict-tools': { marginLeft: '2ch', fontFamily: 'var(--gh-font)' },
  '.gh-conflict-tools button': {
    marginRight: '6px',
    padding: '0 8px',
    border: '1px solid var(--gh-line-strong)',
    borderRadius: 'var(--gh-radius)',
    background: 'var(--gh-raised)',
    color: 'var(--gh-text)',
    font: 'inherit',
    fontSize: '11px',
    cursor: 'pointer',
  },
})

/** The product’s look for text that is edited or compared; the tokens know the theme. */
export const editorLook = [look, syntaxHighlighting(colours)]
