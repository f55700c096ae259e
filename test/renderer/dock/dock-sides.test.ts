import { expect, test } from 'vitest'
import { closeSide, showSide, toggleSides } from '../../../renderer/app/dock-sides.ts'

const ids = ['a', 'b', 'c']
const one = { activeId: 'b', besideId: undefined }
const two = { activeId: 'b', besideId: 'c' }

test('the tab after the active one comes beside it, the last one takes the one before', () => {
  expect(toggleSides(one, ids)).toEqual(two)
  expect(toggleSides({ ...one, activeId: 'c' }, ids)).toEqual({ activeId: 'c', besideId: 'b' })
  expect(toggleSides(two, ids)).toEqual(one)
  expect(toggleSides(one, ['b']).besideId).toBeUndefined()
})

test('a tab that is chosen comes to the left; the right one changes places with it', () => {
  expect(showSide(two, 'a')).toEqual({ activeId: 'a', besideId: 'c' })
  expect(showSide(two, 'c')).toEqual({ activeId: 'c', besideId: 'b' })
  expect(showSide(one, 'a')).toEqual({ activeId: 'a', besideId: undefined })
})

test('closing one of two leaves the other alone; closing what is not seen changes nothing', () => {
  expect(closeSide(two, 'c', ids)).toEqual(one)
  expect(closeSide(two, 'b', ids)).toEqual({ activeId: 'c', besideId: undefined })
  expect(closeSide(two, 'a', ids)).toEqual(two)
})

test('closing the only one that is seen shows its neighbour, the last one none', () => {
  expect(closeSide(one, 'b', ids).activeId).toBe('c')
  expect(closeSide({ ...one, activeId: 'c' }, 'c', ids).activeId).toBe('b')
  expect(closeSide(one, 'b', ['b']).activeId).toBeUndefined()
})
