import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBuiltPage, type BuiltPage } from '../../support/built-page.ts'
import { see } from '../../support/see.ts'
import type {} from './page.tsx'

let built: BuiltPage
let page: BuiltPage['page']

beforeAll(async () => {
  built = await openBuiltPage(join(import.meta.dirname, 'page.tsx'), { width: 900, height: 200 })
  page = built.page
  await page.waitForFunction(() => 'notice' in window)
})
afterAll(() => built?.close())

test('a shell that a restart has ended says so, and begins again only when it is asked to', async () => {
  const reason = 'The gateway is restarting'
  await page.evaluate(
    (it) => window.notice({ status: 'closed', reason: it, restarted: true }),
    reason,
  )
  const said = page.getByRole('status')
  await see(said).toContainText('The gateway restarted, and this program ended with it.')
  expect(await page.evaluate(() => window.reopened)).toBe(0)
  await page.getByRole('button', { name: 'Open again' }).click()
  expect(await page.evaluate(() => window.reopened)).toBe(1)

  await page.evaluate(() => window.notice({ status: 'closed', reason: 'Your right has ended' }))
  await see(said).toContainText('Closed: Your right has ended')
  expect(built.complaints).toEqual([])
})
