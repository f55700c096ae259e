import { RangeSetBuilder, StateField, type EditorState, type Extension } from '@codemirror/state'
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view'

/** A conflict by its lines from 0. */
interface Conflict {
  readonly first: number
  readonly between: number
  readonly last: number
}

type Side = 'mine' | 'theirs' | 'both'

export interface ConflictTexts {
  readonly find: (text: string) => readonly Conflict[]
  readonly decide: (text: string, conflict: Conflict, side: Side) => string
  readonly labels: Readonly<Record<Side, string>>
}

class Choices extends WidgetType {
  readonly #conflict: Conflict
  readonly #texts: ConflictTexts

  constructor(conflict: Conflict, texts: ConflictTexts) {
    super()
    this.#conflict = conflict
    this.#texts = texts
  }

  override eq(other: Choices): boolean {
    return JSON.stringify(other.#conflict) === JSON.stringify(this.#conflict)
  }

  override toDOM(view: EditorView): HTMLElement {
    const box = document.createElement('span')
    box.className = 'gh-conflict-tools'
    for (const side of ['mine', 'theirs', 'both'] as const) {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = this.#texts.labels[side]
      button.addEventListener('click', () => {
        decide(view, this.#conflict, { side, texts: this.#texts })
      })
      box.append(button)
    }
    return box
  }

  override ignoreEvent(): boolean {
    return true
  }
}

function decide(
  view: EditorView,
  conflict: Conflict,
  { side, texts }: { side: Side; texts: ConflictTexts },
): void {
  const { doc } = view.state
  const from = doc.line(conflict.first + 1).from
  const { to } = doc.line(conflict.last + 1)
  const insert = texts.decide(doc.toString(), conflict, side)
  // Nothing left of it: its line goes too.
  const end = insert === '' && to < doc.length ? to + 1 : to
  view.dispatch({ changes: { from, to: end, insert }, userEvent: 'input.merge' })
  view.focus()
}

function decorate(state: EditorState, texts: ConflictTexts): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  const { doc } = state
  const line = (name: string) => Decoration.line({ class: `gh-conflict-${name}` })
  for (const conflict of texts.find(doc.toString())) {
    for (let at = conflict.first; at <= conflict.last; at += 1) {
      const { from, to } = doc.line(at + 1)
      const isMark = at === conflict.first || at === conflict.between || at === conflict.last
      builder.add(from, from, line(isMark ? 'mark' : at < conflict.between ? 'mine' : 'theirs'))
      if (at === conflict.first)
        builder.add(to, to, Decoration.widget({ widget: new Choices(conflict, texts), side: 1 }))
    }
  }
  return builder.finish()
}

/** Shows conflicts with a choice at each. */
export function conflictTools(texts: ConflictTexts): Extension {
  return StateField.define<DecorationSet>({
    create: (state) => decorate(state, texts),
    update: (shown, { docChanged, state }) => (docChanged ? decorate(state, texts) : shown),
    provide: (field) => EditorView.decorations.from(field),
  })
}
