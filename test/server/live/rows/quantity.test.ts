import { expect, test } from 'vitest'
import { amountOf, bytesOf, cpuOf } from '../../../../server/live/rows/quantity.ts'

test.each([
  ['100m', 100],
  ['1', 1000],
  ['1.5', 1500],
  ['2k', 2_000_000],
  ['1005m', 1005],
  ['1n', 1],
  ['1.005', 1005],
  ['1000000001n', 1001],
  ['-1500m', -1500],
  ['-1n', 0],
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

test('what is no quantity, or is none at all, is no number', () => {
  for (const text of ['', 'abc', undefined, null])
    for (const of of [amountOf, cpuOf, bytesOf]) expect(of(text)).toBeUndefined()
})

test('the same text has one amount, one CPU and one memory, asked again and among many others', () => {
  const ask = () => [amountOf('1500m'), cpuOf('1500m'), bytesOf('1500m')]
  expect(ask()).toEqual([1.5, 1500, 2])
  expect(ask()).toEqual([1.5, 1500, 2])
  for (let at = 0; at < 6000; at++) expect(cpuOf(`${at}m`)).toBe(at)
  expect(ask()).toEqual([1.5, 1500, 2])
})
