import { describe, expect, test } from 'vitest'
import { parseQuantity } from '../../../server/contract/quantity.ts'

describe('a quantity', () => {
  test.each([
    ['0', 0],
    ['-0', 0],
    ['100m', 0.1],
    ['1', 1],
    ['+1', 1],
    ['1.', 1],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['123456789n', 0.123456789],
    ['7u', 0.000007],
    ['2k', 2000],
    ['128M', 128e6],
    ['3G', 3e9],
    ['4T', 4e12],
    ['5P', 5e15],
    ['1E', 1e18],
    ['1Ki', 1024],
    ['2Mi', 2 ** 21],
    ['1.5Gi', 1_610_612_736],
    ['.5Ti', 2 ** 39],
    ['4Pi', 2 ** 52],
    ['7Ei', 7 * 2 ** 60],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1e+03', 1000],
    ['12E-1', 1.2],
    ['-2Mi', -2_097_152],
    ['-1.5', -1.5],
    ['9007199254740993', 9_007_199_254_740_992],
    ['8797168762', 8_797_168_762],
  ])('%s is %d', (text, value) => {
    expect(parseQuantity(text)).toBe(value)
  })

  test('is counted in thousandths without losing any', () => {
    expect(parseQuantity('100m', 1000)).toBe(100)
    expect(parseQuantity('1500000n', 1000)).toBe(1.5)
    expect(parseQuantity('1.005', 1000)).toBe(1005)
    expect(parseQuantity('4.35', 1000)).toBe(4350)
    expect(parseQuantity('64', 1000)).toBe(64_000)
    for (let at = 0; at < 100_000; at += 7) expect(parseQuantity(`${at}m`, 1000)).toBe(at)
  })

  test.each(['8Ei', '1e19', '9'.repeat(40), '1e999', `1e${'9'.repeat(60)}`])(
    '%s is more than Kubernetes counts, which takes it for the most there is',
    (text) => {
      expect(parseQuantity(text)).toBe(2 ** 63)
      expect(parseQuantity(`-${text}`)).toBe(-(2 ** 63))
      expect(parseQuantity(text, 1000)).toBe(2 ** 63 * 1000)
    },
  )

  test('of nothing stays nothing, and the smallest stays small, whatever the exponent', () => {
    expect(parseQuantity('0e999')).toBe(0)
    expect(parseQuantity(`1e-${'9'.repeat(60)}`)).toBeLessThan(1e-9)
  })
})

const none =
  '.|+|-|m|Gi|e3|.e3|--1|+-1|1 Gi| 1|1\n|1,5|1..5|1K|1KI|1Kib|1mi|1ni|1i|1e|1e+|1e1.5|1e3m|1mm|0x10|1_0|NaN|Infinity|١'

test.each(['', '1'.repeat(65), ...none.split('|')])('%j is no quantity', (text) => {
  expect(parseQuantity(text)).toBeUndefined()
})
