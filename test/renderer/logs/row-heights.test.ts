import { expect, test } from 'vitest'
import { RowHeights } from '../../../renderer/components/logs/row-heights.ts'

test('tall rows move what is below them and are found by any height within', () => {
  const heights = new RowHeights(20)
  expect(heights.measure(3, 60)).toBe(40)
  expect(heights.measure(7, 20)).toBe(0)
  expect(heights.offset(3, 0)).toBe(60)
  expect(heights.offset(4, 0)).toBe(120)
  expect([59, 60, 119, 120, 140].map((y) => heights.rowAt(y, 0))).toEqual([2, 3, 3, 4, 5])
})

test('place and height agree for any rows, also after the first ones went', () => {
  const heights = new RowHeights(20)
  for (let row = 0; row < 1000; row += 7) heights.measure(row, 20 + (row % 5) * 10)
  const before = heights.offset(900, 0)
  const gone = 300 * 20 + heights.drop(300)
  expect(heights.offset(900, 300)).toBe(before - gone)
  for (let row = 300; row < 1000; row += 1)
    expect(heights.rowAt(heights.offset(row, 300), 300)).toBe(row)
})

test('a row that became small again costs nothing any more', () => {
  const heights = new RowHeights(20)
  heights.measure(5, 100)
  heights.measure(5, 20)
  expect(heights.flat).toBe(true)
  expect(heights.offset(10, 0)).toBe(200)
})
