import { expect, test } from 'vitest'
import { readKubeconfig } from '../../../server/services/kubeconfig.ts'

const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n')

// proxy.md 1.6: an import reads what somebody else wrote, and the gateway serves everyone meanwhile
test.each([
  ['a hundred thousand fields', lines(100_000, (at) => `k${at}: 1`)],
  ['a hundred thousand fields on one line', `{${'a,'.repeat(100_000)}}`],
  ['fields of a user', `users:\n- name: u\n  user:\n${lines(80_000, (at) => `    k${at}: 1`)}`],
])('a kubeconfig with %s does not occupy the gateway', (_what, text) => {
  const before = performance.now()
  try {
    readKubeconfig(text)
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_input' })
  }
  // The parser alone would compare each with each: a quarter of an hour.
  expect(performance.now() - before).toBeLessThan(10_000)
})

test('a field that is given twice is bad input, because readers differ about it', () => {
  const text = [
    'clusters:',
    '- name: c',
    '  cluster:',
    '    server: https://10.0.0.1:6443',
    '    server: https://attacker.example',
  ].join('\n')
  expect(() => readKubeconfig(text)).toThrow('not valid YAML')
})
