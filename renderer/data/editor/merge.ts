import { diff3Merge } from 'node-diff3'

/** Lines by which a conflict is marked; the same that git writes. */
const marks = {
  mine: '<<<<<<< yours',
  between: '=======',
  theirs: '>>>>>>> theirs',
} as const

export interface Merged {
  readonly text: string
  readonly conflicts: number
}

/** Both changes of one text together; what both changed differently stands there twice, marked. */
export function mergeTexts(mine: string, base: string, theirs: string): Merged {
  const lines = (text: string) => text.split('\n')
  const regions = diff3Merge(lines(mine), lines(base), lines(theirs), {
    excludeFalseConflicts: true,
  })
  let conflicts = 0
  const merged = regions.flatMap(({ ok, conflict }) => {
    if (ok) return ok
    if (!conflict) return []
    conflicts += 1
    return [marks.mine, ...conflict.a, marks.between, ...conflict.b, marks.theirs]
  })
  return { text: merged.join('\n'), conflicts }
}

/** A conflict in a text, by its lines from 0. */
export interface Conflict {
  readonly first: number
  readonly between: number
  readonly last: number
}

/** The conflicts that are left in a text. */
export function conflictsIn(text: string): Conflict[] {
  const found: Conflict[] = []
  let first = -1
  let between = -1
  for (const [line, words] of text.split('\n').entries()) {
    if (words.startsWith('<<<<<<< ')) {
      first = line
      between = -1
    } else if (words === marks.between && first >= 0) between = line
    else if (words.startsWith('>>>>>>> ') && between >= 0) {
      found.push({ first, between, last: line })
      first = -1
      between = -1
    }
  }
  return found
}

export type Side = 'mine' | 'theirs' | 'both'

/** The lines that stay when a conflict is decided. */
export function decided(text: string, { first, between, last }: Conflict, side: Side): string {
  const lines = text.split('\n')
  const mine = lines.slice(first + 1, between)
  const theirs = lines.slice(between + 1, last)
  const chosen = { mine, theirs, both: [...mine, ...theirs] }[side]
  return chosen.join('\n')
}
