import { expect, test } from 'vitest'
import { compilePattern, PatternError } from '../../../server/policies/pattern.ts'

const patterns = [
  '',
  'a',
  '^a',
  'b$',
  '^$',
  'a|b',
  '(a+)+$',
  '\\bfoo\\b',
  '\\Bo',
  '[^a-c]x',
  'a{2,3}b',
]
patterns.push('(?:ab)*c', '\\d+\\.\\d', '\\w\\s\\w', '^(a|ab)(c|bcd)$', '[\\]a-]', 'a.c', '(|a)b')
patterns.push('(a*)*b', 'e\\$', '[.]', 'ü+', '^\\s*$', 'a*?b', '(a|b)*abb$', '[\\dx-z]+', '\\u00fc')
const texts = [
  '',
  'a',
  'b',
  'aab',
  'aaab',
  'a foo b',
  'xfoo',
  'ax',
  'dx',
  'Dx',
  'ababc',
  '12.5',
  'a b',
  'abcd',
]
texts.push(
  'abcbcd',
  ']',
  '-',
  'a\nc',
  'abc',
  'A',
  '$e$',
  'üü',
  'ÜÜ',
  '  ',
  'babb',
  'foo_bar',
  'foo-bar',
  'zyx',
)

test.each(patterns)('/%s/ finds what JavaScript finds', (text) => {
  for (const ignoreCase of [false, true]) {
    const known = new RegExp(text, ignoreCase ? 'i' : '')
    const own = compilePattern(text, { ignoreCase })
    for (const it of texts) expect([it, own.test(it)]).toEqual([it, known.test(it)])
  }
})

test.each([
  '(',
  ')',
  '[a',
  'a**b(',
  '(?=a)',
  '(?<!a)',
  '(a)\\1',
  '\\',
  '*',
  'a{3,2}',
  '(a{99}){99}',
])('%s is refused in words', (text) => expect(() => compilePattern(text)).toThrow(PatternError))

test('what would take for ever elsewhere takes time in proportion to the text', () => {
  const began = performance.now()
  expect(compilePattern('^(a+)+$').test(`${'a'.repeat(100_000)}b`)).toBe(false)
  expect(compilePattern('(a|b)*a(a|b){12}c').test('ab'.repeat(20_000))).toBe(false)
  // Elsewhere the first of them alone takes longer than the sun will last.
  expect(performance.now() - began).toBeLessThan(10_000)
})
