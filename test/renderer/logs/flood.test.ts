import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {} from '../../../build/scripts/bench/logs/flood-page.ts'
import { openBuiltPage, type BuiltPage } from '../../support/built-page.ts'

const count = 1_000_000
const entry = join(import.meta.dirname, '../../../build/scripts/bench/logs/flood-page.ts')
let built: BuiltPage

// The product’s feed and its worker in a real browser; how fast they are is for the bench to say.
beforeAll(async () => {
  built = await openBuiltPage(entry, { width: 800, height: 400 })
  await built.page.waitForFunction(() => 'flood' in window)
})
afterAll(() => built?.close())

test('a million lines arrive whole in the worker of a page, and all of them are searched', async () => {
  const { page, complaints } = built
  expect(await page.evaluate((it) => window.flood(it), count)).toMatchObject({
    kept: count,
    dropped: 0,
  })
  expect(await page.evaluate(() => window.kept())).toEqual([[0, count - 1]])
  const search = (text: string, pattern = false) =>
    page.evaluate(([it, on]) => window.search(it, on), [text, pattern] as const)
  expect(await search('error')).toMatchObject({ hits: 1_000 })
  expect(await search('number: 99999')).toMatchObject({ hits: 11 })
  expect(await search('number: \\d*0000$', true)).toMatchObject({ hits: 99 })
  expect(complaints).toEqual([])
})
