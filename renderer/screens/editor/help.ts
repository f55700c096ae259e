import type { EditorHelp } from '../../components/editor/YamlEditor.tsx'
import { check, type FindShape, type Problem } from '../../data/editor/check.ts'
import { explain, suggest } from '../../data/editor/complete.ts'
import type { useTexts } from '../../texts/texts.ts'

type Texts = ReturnType<typeof useTexts<'editor'>>

/** What the editor knows of the cluster’s schema, in words. `owned` says who owns what stands at an offset. */
export const helpOf = (
  find: FindShape,
  t: Texts,
  owned: (text: string, offset: number) => string = () => '',
): EditorHelp => ({
  check: (text) =>
    check(text, find).map((it) => ({
      from: Math.min(it.from, text.length),
      to: Math.min(it.to, text.length),
      severity: it.grave ? 'error' : 'warning',
      message: wordOf(it.what, t),
    })),
  complete: (text, offset) => suggest(text, offset, find),
  explain: (text, offset) => {
    const found = explain(text, offset, find)
    const note = owned(text, offset)
    if (!found) return note === '' ? undefined : { title: note, text: '', note: '' }
    return { title: `${found.path}: ${found.type}`, text: found.text, note }
  },
})

function wordOf(what: Problem['what'], t: Texts): string {
  switch (what.kind) {
    case 'syntax':
      return t('problem.syntax', { reason: what.reason })
    case 'conflict':
      return t('problem.conflict')
    case 'unknown':
      return what.near === undefined
        ? t('problem.unknown', { field: what.field })
        : t('problem.unknownNear', { field: what.field, near: what.near })
    case 'type':
      return what.field === ''
        ? t('problem.typeRoot', { expected: what.expected })
        : t('problem.type', { field: what.field, expected: what.expected })
    case 'value':
      return t('problem.value', { field: what.field, allowed: what.allowed })
    case 'missing':
      return t('problem.missing', { field: what.field })
  }
}
