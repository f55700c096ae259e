import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Reply } from '#bridge'
import { openBuiltPage, type BuiltPage } from '../../support/built-page.ts'
import { see } from '../../support/see.ts'
import type {} from './page.tsx'

let built: BuiltPage
let page: BuiltPage['page']

/** How often the app was asked for its forwards and has not answered. */
const asked: ((reply: Reply) => void)[] = []
const answer = async (reply: Reply) => {
  await expect.poll(() => asked.length).toBe(1)
  asked.shift()?.(reply)
}

beforeAll(async () => {
  built = await openBuiltPage(join(import.meta.dirname, 'page.tsx'), { width: 800, height: 400 })
  page = built.page
  await page.exposeFunction(
    'listForwards',
    () =>
      new Promise<Reply>((resolve) => {
        asked.push(resolve)
      }),
  )
  await page.addInitScript(() => {
    const { listForwards } = window as unknown as { listForwards: () => Promise<Reply> }
    Object.assign(window, { bridge: { desktop: listForwards, on: () => () => undefined } })
  })
})
afterAll(() => built?.close())

test('forwards that are not read yet are none of “no forwards”', async () => {
  await page.reload()
  await see(page.getByRole('status')).toHaveText('Loading…')
  await see(page.getByText('No port is forwarded')).toHaveCount(0)
  await answer({ ok: true, value: [] })
  await see(page.getByText('No port is forwarded')).toBeVisible()
})

test('forwards that cannot be read say why, and can be asked for again', async () => {
  await page.reload()
  await see(page.getByRole('status')).toBeVisible()
  await answer({ ok: false, error: { code: 'forbidden', message: 'The app is locked' } })
  await see(page.getByRole('alert')).toContainText('The app is locked')
  await page.getByRole('button', { name: 'Try again' }).click()
  await answer({ ok: true, value: [] })
  await see(page.getByText('No port is forwarded')).toBeVisible()
  expect(built.complaints).toEqual([])
})
