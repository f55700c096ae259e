import { describe, expect, test } from 'vitest'
import { readLabels } from '../../../server/live/matching/labels.ts'
import { readWords } from '../../../server/live/matching/words.ts'
import { naturalKey } from '../../../server/live/engine/natural.ts'
import { randomFrom } from './crowd.ts'

describe('a pattern', () => {
  const compilePattern = (source: string) => readWords(`/${source}/`)
  const random = randomFrom(7)
  const letter = () => 'ab1-\n'[random(5)] ?? ''
  const text = () => Array.from({ length: random(9) }, letter).join('')
  const atoms = [
    'a',
    'b',
    '1',
    '-',
    '.',
    '[ab]',
    '[^a]',
    '[a-b1]',
    '\\d',
    '\\w',
    '\\S',
    '^',
    '$',
    '(?:a|b1)',
    '(ab|)',
    '\\-',
  ]
  const repeats = ['', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?']

  function pattern(): string {
    const parts = Array.from({ length: 1 + random(4) }, () => {
      const atom = atoms[random(atoms.length)] ?? ''
      return '^$'.includes(atom) ? atom : atom + (repeats[random(repeats.length)] ?? '')
    })
    return random(4) === 0 ? `${parts.join('')}|${atoms[random(9)] ?? ''}` : parts.join('')
  }

  test('finds what the language’s own finds, line by line', () => {
    for (let n = 0; n < 1500; n += 1) {
      const source = pattern()
      const own = compilePattern(source)
      // Classes and what is inverted never reach over a line here; that is what a cell is.
      const theirs = new RegExp(source, 'i')
      for (let k = 0; k < 8; k += 1) {
        const searched = text()
        const expected = searched.split('\n').some((line) => theirs.test(line))
        expect(own(searched), `/${source}/ in ${JSON.stringify(searched)}`).toBe(expected)
      }
    }
  })

  test('is matched without regard to case', () => {
    expect(compilePattern('^WEB-[A-C]$')('web-b')).toBe(true)
    expect(compilePattern('[^A]')('a')).toBe(false)
  })

  test('takes no longer for what makes others try without end', () => {
    const began = performance.now()
    for (const evil of ['(a+)+$', '(a|a)*$', '(a*)*b', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*a){20}'])
      compilePattern(evil)(`${'a'.repeat(20_000)}!`)
    // Any of them would keep the language’s own busy for longer than there are seconds.
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  test('that needs memory, or is none, is refused in words', () => {
    const wrong = ['(a)\\1', '(?=a)', '(?<!a)b', '(', 'a)', '[a', '*a', 'a{2,1}', 'a{999}', '[b-a]']
    for (const source of [...wrong, '('.repeat(80), '(a{99}){99}'])
      expect(() => compilePattern(source), source).toThrow(/^text: /)
  })
})

describe('words', () => {
  test('must all be found, or not be found, in one row', () => {
    const matches = (asked: string) => readWords(asked)('web-1\nprod\nrunning')
    expect(
      ['web', 'WEB prod', '!stopped', '/^pro/ !/b-2$/', 'web !blue'].filter((it) => !matches(it)),
    ).toEqual([])
    expect(['blue', 'web !prod', '/^rod/', '!/running/'].filter(matches)).toEqual([])
  })

  test('with a slash are words unless they end in one', () => {
    expect(readWords('team/app')('registry/team/app:1')).toBe(true)
    expect(readWords('/a b/')('x a b')).toBe(true)
    expect(readWords('/api')('x/api')).toBe(true)
  })
})

test('a label selector that Kubernetes would not take is refused', () => {
  for (const wrong of [
    'a b',
    'a in b',
    'a in (b',
    '=a',
    'a=b=c',
    '-a',
    'a,,b',
    'a in (b c)',
    'a=-',
    'a>b',
    '!',
    'x'.repeat(64),
  ])
    expect(() => readLabels(wrong), wrong).toThrow(/^labels: /)
})

test('names sort as people count', () => {
  const names = ['pod-10', 'Pod-9', 'pod-9a', 'pod', 'pod-009', 'pod-100', 'a2b10', 'a2b9', 'a10b1']
  const sorted = [...names].sort((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1))
  expect(sorted).toEqual([
    'a2b9',
    'a2b10',
    'a10b1',
    'pod',
    'Pod-9',
    'pod-009',
    'pod-9a',
    'pod-10',
    'pod-100',
  ])
})
