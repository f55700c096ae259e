import { expect, test } from 'vitest'
import { amountOf, bytesOf, cpuOf } from '../../../../server/live/rows/quantity.ts'

test.each([
  ['100m', 100],
  ['1', 1000],
  ['1.5', 1500],
  ['2k', 2_000_000],
  ['1005m', 1005],
  ['1n', 1],
  ['0', 0],
])('a CPU of %s is %d thousandths', (quantity, thousandths) => {
  expect(cpuOf(quantity)).toBe(thousandths)
})

test.each([
  ['128Mi', 134_217_728],
  ['128M', 128_000_000],
  ['1e3', 1000],
  ['12E2', 1200],
  ['1.5Gi', 1_610_612_736],
  ['1E', 1e18],
  ['500m', 1],
])('a memory of %s is %d bytes', (quantity, bytes) => {
  expect(bytesOf(quantity)).toBe(bytes)
})

test('what is no quantity is no number', () => {
  for (const text of ['', 'abc', '1Kib', '--1', '1e', '9'.repeat(100), undefined, null])
    expect(amountOf(text)).toBeUndefined()
})
