import { StateEffect, StateField, type Extension } from '@codemirror/state'
import { gutter, GutterMarker } from '@codemirror/view'

export interface OwnerLabel {
  readonly label: string
  readonly title: string
}

class OwnerMarker extends GutterMarker {
  readonly #owner: OwnerLabel
  readonly #repeats: boolean

  constructor(owner: OwnerLabel, repeats: boolean) {
    super()
    this.#owner = owner
    this.#repeats = repeats
  }

  override eq(other: OwnerMarker): boolean {
    return other.#owner.title === this.#owner.title && other.#repeats === this.#repeats
  }

  override toDOM(): HTMLElement {
    const mark = document.createElement('span')
    mark.className = 'gh-owner'
    mark.title = this.#owner.title
    mark.textContent = this.#repeats ? '·' : this.#owner.label
    return mark
  }
}

type Owners = ReadonlyMap<number, OwnerLabel>

export const setOwners = StateEffect.define<Owners>()

const ownersField = StateField.define<Owners>({
  create: () => new Map(),
  update: (owners, { effects }) =>
    effects.reduce((now, effect) => (effect.is(setOwners) ? effect.value : now), owners),
})

/** Who set the field of each line, beside it. */
export const ownerGutter: Extension = [
  ownersField,
  gutter({
    class: 'gh-owner-gutter',
    lineMarker: (view, block) => {
      const owners = view.state.field(ownersField)
      const line = view.state.doc.lineAt(block.from).number
      const owner = owners.get(line)
      if (!owner) return null
      return new OwnerMarker(owner, lastBefore(owners, line)?.title === owner.title)
    },
    lineMarkerChange: ({ transactions }) =>
      transactions.some(({ effects }) => effects.some((it) => it.is(setOwners))),
  }),
]

/** The owner of the nearest line above; a label is not said again and again. */
function lastBefore(owners: Owners, line: number): OwnerLabel | undefined {
  for (let at = line - 1; at > line - 8 && at > 0; at -= 1) {
    const owner = owners.get(at)
    if (owner) return owner
  }
  return undefined
}
