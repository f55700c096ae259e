import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBuiltPage, type BuiltPage } from '../../support/built-page.ts'
import type { Asked } from './page.ts'

// In a browser, under the product’s own policy: whether a canvas library needs HTML from text shows nowhere else.
let built: BuiltPage
let page: BuiltPage['page']

beforeAll(async () => {
  const size = { width: 800, height: 400 }
  built = await openBuiltPage(join(import.meta.dirname, 'page.ts'), size)
  page = built.page
  await page.waitForFunction(() => 'draw' in window)
})
afterAll(() => built?.close())

const start = 1_760_000_000
const four = [0, 60, 120, 180].map((it) => start + it)
const draw = (asked: Partial<Asked>) =>
  page.evaluate((it) => window.draw(it), {
    times: four,
    values: [100, 150, 120, 200],
    scheme: 'light',
    width: 400,
    ...asked,
  })

/** How many points of the canvas have about this colour, left and right of its middle. */
const inked = (token: string) =>
  page.evaluate((name) => {
    const canvas = document.querySelector('canvas')
    const context = canvas?.getContext('2d')
    const probe = new OffscreenCanvas(1, 1).getContext('2d')
    if (!canvas || !context || !probe) throw new Error('there is no canvas')
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name)
    probe.fillRect(0, 0, 1, 1)
    const wanted = [...probe.getImageData(0, 0, 1, 1).data]
    const { width, height } = canvas
    const { data } = context.getImageData(0, 0, width, height)
    const differs = (at: number) =>
      wanted.some((it, offset) => Math.abs((data[at + offset] ?? 0) - it) >= 12)
    const sides = { left: 0, right: 0 }
    for (let point = 0; point < width * height; point += 1)
      if (!differs(point * 4)) sides[point % width < width / 2 ? 'left' : 'right'] += 1
    return sides
  }, token)

const settled = () =>
  page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )

test('a line is drawn in the colours of the theme, under the policy of the product', async () => {
  await draw({})
  await settled()
  const light = await inked('--gh-accent')
  expect(Math.min(light.left, light.right)).toBeGreaterThan(50)
  await draw({ scheme: 'dark' })
  await settled()
  const dark = await inked('--gh-accent')
  expect(Math.min(dark.left, dark.right)).toBeGreaterThan(50)
  expect(built.complaints).toEqual([])
})

test('what nobody measured is a gap, and a bound is a line of its own', async () => {
  await draw({ values: [100, null, null, 200], times: four })
  await settled()
  const gap = await inked('--gh-accent')
  await draw({ values: [100, 120, 150, 200], times: four })
  await settled()
  const whole = await inked('--gh-accent')
  expect(gap.left + gap.right).toBeLessThan((whole.left + whole.right) / 2)
  const without = await inked('--gh-line-strong')
  await draw({ values: [100, 120, 150, 200], times: four, bound: 220 })
  await settled()
  const bound = await inked('--gh-line-strong')
  expect(bound.left + bound.right).toBeGreaterThan(without.left + without.right + 50)
})

test('it is as wide as its place, is told in words, and says what is pointed at', async () => {
  await draw({ width: 300 })
  const picture = page.getByRole('img', { name: 'CPU, in words' })
  await expect.poll(() => page.locator('.uplot').boundingBox()).toMatchObject({ width: 300 })
  await draw({ width: 600 })
  await expect.poll(() => page.locator('.uplot').boundingBox()).toMatchObject({ width: 600 })
  await picture.hover({ position: { x: 210, y: 20 } })
  await expect.poll(() => page.evaluate(() => window.pointed)).toBe(1)
  await page.mouse.move(10, 300)
  await expect.poll(() => page.evaluate(() => window.pointed ?? 'none')).toBe('none')
  expect(built.complaints).toEqual([])
})

test('the policy is in force here: text does not become HTML', async () => {
  const attempt = page.evaluate(() => (document.body.innerHTML = '<b>no</b>'))
  await expect(attempt).rejects.toThrow('TrustedHTML')
})
