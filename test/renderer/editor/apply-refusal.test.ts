import { expect, test } from 'vitest'
import { applyRefusal } from '../../../renderer/data/editor/apply-refusal.ts'

const refused = (fields: Record<string, string>) => {
  const error = { code: 'invalid_input', message: 'one failed', fields } as const
  const document = { index: 0, kind: 'Pod', name: 'a', status: 'failed', error } as const
  return { documents: [document], error, dry: true }
}

test('what was not written or not tried cannot be applied, and says which of both', () => {
  expect(applyRefusal(' \n', undefined)).toBe('empty')
  expect(applyRefusal('kind: Pod', undefined)).toBe('untried')
})

test('a trial that failed says whether a namespace is all that is missing', () => {
  expect(applyRefusal('kind: Pod', refused({ 'metadata.namespace': 'names none' }))).toBe(
    'namespace',
  )
  expect(applyRefusal('kind: Pod', refused({ spec: 'is missing' }))).toBe('failing')
})

test('what passed its trial may be applied, once', () => {
  const passed = { documents: [], error: undefined, dry: true }
  expect(applyRefusal('kind: Pod', passed)).toBeUndefined()
  expect(applyRefusal('kind: Pod', { ...passed, dry: false })).toBe('done')
})
