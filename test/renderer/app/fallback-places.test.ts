import { expect, test } from 'vitest'
import { fallbackPlaces } from '../../../renderer/app/fallback-places.ts'

const place = (cluster: string) => ({ cluster, profile: 'dev' })
const usable = [place('a'), place('b'), place('c')]
const known = { last: [], recent: [], usable, clusters: [place('b'), place('a')] }

test('the last places are looked at, else those of the newest address, else the first cluster', () => {
  const recent = ['/settings', '/c/c@dev+a@dev/core/v1/pods?ns=x', '/c/b@dev']
  expect(fallbackPlaces({ ...known, last: [place('b')], recent })).toEqual([place('b')])
  expect(fallbackPlaces({ ...known, recent })).toEqual([place('c'), place('a')])
  expect(fallbackPlaces(known)).toEqual([place('b')])
})

test('what may be used no more is not looked at', () => {
  const recent = ['/c/gone@dev+a@admin/core/v1/pods', '/c/gone@dev+c@dev']
  const last = [{ cluster: 'a', profile: 'admin' }]
  expect(fallbackPlaces({ ...known, last, recent })).toEqual([place('c')])
  expect(fallbackPlaces({ last, recent, usable: [], clusters: [] })).toEqual([])
})
