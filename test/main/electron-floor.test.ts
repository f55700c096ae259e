import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { electronFloor } from './electron-floor.ts'

const manifest = new URL('../../package.json', import.meta.url)

/** What is wrong with a version as package.json names it; nothing when it may be shipped. */
function objections(version: string): string[] {
  const [, major = '', minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? []
  if (major === '') return ['is not one exact release']
  const lowest = (electronFloor.lowest as Readonly<Record<string, string>>)[major]
  if (lowest === undefined) return ['is of a line that is not supported']
  const [, lowestMinor = 0, lowestPatch = 0] = lowest.split('.').map(Number)
  const above = Number(minor) - lowestMinor || Number(patch) - lowestPatch
  return above < 0 ? [`is below ${lowest}, which mends what is known`] : []
}

test('the app ships one exact Electron, of a supported line and above every known advisory', async () => {
  const { devDependencies } = JSON.parse(await readFile(manifest, 'utf8')) as {
    devDependencies: Record<string, string>
  }
  expect(objections(devDependencies['electron'] ?? '')).toEqual([])
})

test.each([
  ['^45.4.1', 'is not one exact release'],
  ['latest', 'is not one exact release'],
  ['46.0.0-alpha.5', 'is not one exact release'],
  ['42.11.6', 'is of a line that is not supported'],
  ['44.4.2', 'is below 44.4.3, which mends what is known'],
  ['43.7.9', 'is below 43.8.4, which mends what is known'],
])('an Electron %s %s', (version, objection) => {
  expect(objections(version)).toEqual([objection])
})

test('three lines are supported, each from a release of its own', () => {
  const { lowest } = electronFloor
  expect(Object.keys(lowest)).toHaveLength(3)
  for (const [major, version] of Object.entries(lowest)) expect(version).toMatch(`${major}.`)
  expect(['43.9.0', '44.4.3', '44.10.0', '45.0.1'].flatMap(objections)).toEqual([])
})
