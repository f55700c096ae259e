import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBuiltPage, type BuiltPage } from '../../support/built-page.ts'
import { see } from '../../support/see.ts'
import type { Edge } from './page.tsx'

let built: BuiltPage
let page: BuiltPage['page']

beforeAll(async () => {
  const size = { width: 900, height: 700 }
  built = await openBuiltPage(join(import.meta.dirname, 'page.tsx'), size)
  page = built.page
})
afterAll(() => built?.close())

const handle = (edge: Edge) => page.getByRole('separator', { name: `Size at the ${edge}` })
const sizeIs = (edge: Edge, size: number) =>
  see(handle(edge)).toHaveAttribute('aria-valuenow', String(size))

test.for([
  { edge: 'left', grow: 'ArrowLeft', shrink: 'ArrowRight', most: 600, pull: [-50, 7] },
  { edge: 'top', grow: 'ArrowUp', shrink: 'ArrowDown', most: 400, pull: [7, -50] },
] as const)(
  'the edge at the $edge is moved by keys and by pulling, within its bounds',
  async (it) => {
    const { edge, grow, shrink, most, pull } = it
    await see(handle(edge)).toHaveAttribute('aria-valuemin', '100')
    await see(handle(edge)).toHaveAttribute('aria-valuemax', String(most))
    await handle(edge).focus()
    await page.keyboard.press(grow)
    await sizeIs(edge, 220)
    await page.keyboard.press(shrink)
    await page.keyboard.press(shrink)
    await sizeIs(edge, 180)
    await page.keyboard.press('End')
    await sizeIs(edge, most)
    await page.keyboard.press(grow)
    await sizeIs(edge, most)
    await page.keyboard.press('Home')
    await page.keyboard.press(shrink)
    await sizeIs(edge, 100)

    const box = await handle(edge).boundingBox()
    if (!box) throw new Error('the edge is not drawn')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + pull[0], y + pull[1])
    await sizeIs(edge, 150)
    await page.mouse.up()
    await page.mouse.move(x, y)
    await handle(edge).dblclick()
    await sizeIs(edge, 140)
  },
)

test('a smaller window leaves a panel less', async () => {
  await page.setViewportSize({ width: 500, height: 420 })
  await see(handle('left')).toHaveAttribute('aria-valuemax', '200')
  await see(handle('top')).toHaveAttribute('aria-valuemax', '120')
  await page.setViewportSize({ width: 900, height: 700 })
})

test('a removal is asked about once; a refusal stays with what it was said of', async () => {
  const question = (name: string) => page.getByRole('dialog', { name: `Remove ${name}?` })
  const refusal = page.getByRole('alert')
  const confirm = () => page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('button', { name: 'kept' }).click()
  await confirm()
  await see(refusal).toHaveText('This one stays')
  await question('kept').getByRole('button', { name: 'Close' }).click()
  await see(question('kept')).toBeHidden()

  await page.getByRole('button', { name: 'spare' }).click()
  await see(question('spare')).toBeVisible()
  await see(refusal).toBeHidden()
  await confirm()
  await see(question('spare')).toBeHidden()

  await page.getByRole('button', { name: 'other' }).click()
  await see(question('other').getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Enter')
  await see(question('other')).toBeHidden()
  expect(await page.evaluate(() => window.done.splice(0))).toEqual(['remove kept', 'remove spare'])
})

test('a form in a dialog is sent once, and is gone when it was taken', async () => {
  const form = page.getByRole('dialog', { name: 'A form' })
  await page.getByRole('button', { name: 'Fill in' }).click()
  await see(form.getByLabel('Field')).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await see(form).toBeVisible()
  await page.evaluate(() => window.take?.())
  await see(form).toBeHidden()
  expect(await page.evaluate(() => window.done.splice(0))).toEqual(['send'])
})
