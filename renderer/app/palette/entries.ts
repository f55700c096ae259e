/** One line of the palette. */
export interface Entry {
  readonly id: string
  readonly section: string
  readonly title: string
  readonly detail?: string
  readonly keys?: string
  readonly refusal?: string | undefined
  readonly run: () => void
}

/** How well words fit a text: 0 not at all; the beginning of a word counts more than its inside. */
export function fit(text: string, words: string): number {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const here = text.toLowerCase()
  let sum = 1
  for (const word of wanted) {
    const at = here.indexOf(word)
    if (at < 0) return 0
    const begins = at === 0 || !/[a-z0-9]/.test(here[at - 1] ?? '')
    sum += (begins ? 4 : 1) + word.length / here.length
  }
  return sum
}

/** The best fits first; equal ones as they came. */
export const fitting = <T extends { readonly title: string }>(
  list: readonly T[],
  words: string,
  other: (it: T) => string = () => '',
): T[] =>
  list
    .map((it) => ({ it, score: Math.max(fit(it.title, words), fit(other(it), words)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ it }) => it)
