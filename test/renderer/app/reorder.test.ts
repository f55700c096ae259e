import { expect, test } from 'vitest'
import { movedBy, movedTo } from '../../../renderer/app/reorder.ts'

const list = ['a', 'b', 'c', 'd']

test('what is dropped on another stands where that was, whichever way it came', () => {
  expect(movedTo(list, 'a', 'c')).toEqual(['b', 'c', 'a', 'd'])
  expect(movedTo(list, 'd', 'b')).toEqual(['a', 'd', 'b', 'c'])
  expect(movedTo(['a', 'b'], 'a', 'b')).toEqual(['b', 'a'])
  expect(movedTo(['a', 'b'], 'b', 'a')).toEqual(['b', 'a'])
})

test('dropped on itself or nowhere it stays', () => {
  expect(movedTo(list, 'b', 'b')).toEqual(list)
  expect(movedTo(list, 'b', 'gone')).toEqual(list)
  expect(movedTo(list, 'gone', 'b')).toEqual(list)
})

test('one step further or back ends at the ends', () => {
  expect(movedBy(list, 'a', 1)).toEqual(['b', 'a', 'c', 'd'])
  expect(movedBy(list, 'd', -1)).toEqual(['a', 'b', 'd', 'c'])
  expect(movedBy(list, 'a', -1)).toEqual(list)
  expect(movedBy(list, 'd', 1)).toEqual(list)
})
