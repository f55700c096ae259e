import { join } from 'node:path'
import type { WebSocketRoute } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBuiltPage, type BuiltPage } from '../../support/built-page.ts'
import { see } from '../../support/see.ts'
import type {} from './page.tsx'

interface Stream {
  readonly route: WebSocketRoute
  readonly asked: Record<string, unknown>
  say(message: unknown): void
}

let built: BuiltPage
let page: BuiltPage['page']
let streams: Stream[]

/** The gateway’s end of the pane’s WebSocket is played; everything else is the product’s. */
beforeAll(async () => {
  built = await openBuiltPage(join(import.meta.dirname, 'page.tsx'), { width: 900, height: 500 })
  page = built.page
  await page.routeWebSocket(/\/streams\/logs$/, (route) => {
    route.onMessage((message) => {
      const asked = JSON.parse(String(message)) as Record<string, unknown>
      if (asked['type'] === 'ack') return
      const say = (it: unknown) => route.send(JSON.stringify(it))
      streams.push({ route, asked, say })
      say({ type: 'opened' })
      for (const [source, pod] of (asked['pods'] as string[]).entries())
        say({ type: 'source', source, pod, container: 'app', status: 'open' })
    })
  })
})
afterAll(() => built?.close())
beforeEach(async () => {
  streams = []
  await page.reload()
  await page.waitForFunction(() => 'show' in window)
})

const show = async (leftOut?: number) => {
  await page.evaluate((it) => window.show(['web-1', 'web-2'], it), leftOut)
  await expect.poll(() => streams.length).toBe(1)
}

const time = (second: number) => new Date(Date.UTC(2026, 0, 1, 12) + second * 1000).toISOString()
/** Ten lines a second; every twentieth is an error. */
const lines = (from: number, to: number) => ({
  type: 'lines',
  lines: Array.from({ length: (to - from) * 10 }, (_, at) => {
    const number = from * 10 + at
    return [number % 2, time(number / 10), `${number % 20 === 0 ? 'ERROR ' : ''}line ${number}.`]
  }),
})

test('the strip above the lines tells when they came and leads there, by keys and by pointer', async () => {
  await show()
  // With a silence in the middle.
  streams[0]?.say(lines(0, 20))
  streams[0]?.say(lines(80, 100))
  const ruler = page.getByRole('slider', { name: 'Time of the lines' })
  await see(ruler).toHaveAttribute('aria-valuetext', /:39: 10 lines$/)
  await see(page.getByText('line 999.')).toBeVisible()

  await ruler.focus()
  await page.keyboard.press('Home')
  await see(page.getByText('line 0.', { exact: false }).first()).toBeVisible()
  await see(ruler).toHaveAttribute('aria-valuetext', /:00: 10 lines, 1 error$/)
  await page.keyboard.press('ArrowRight')
  await see(ruler).toHaveAttribute('aria-valuetext', /:01: 10 lines$/)
  // Over the silence to what comes next.
  await page.keyboard.press('PageUp')
  await see(ruler).toHaveAttribute('aria-valuetext', /:11: 10 lines$/)
  await page.keyboard.press('PageUp')
  await see(ruler).toHaveAttribute('aria-valuetext', /:20: 10 lines, 1 error$/)
  await see(page.getByText('line 800.')).toBeVisible()

  const box = await ruler.boundingBox()
  expect(box?.height).toBeLessThanOrEqual(24)
  await ruler.click({ position: { x: (box?.width ?? 0) * 0.105, y: 10 } })
  await see(page.getByText('line 100.')).toBeVisible()
  await page.getByRole('button', { name: /Live/ }).click()
  await see(page.getByText('line 999.')).toBeVisible()
  expect(built.complaints).toEqual([])
})

test('a filter narrows the strip with the lines, and nothing is drawn where nothing fits', async () => {
  await show()
  streams[0]?.say(lines(0, 20))
  const ruler = page.getByRole('slider', { name: 'Time of the lines' })
  await ruler.waitFor()
  await page.getByRole('searchbox', { name: 'Filter lines' }).fill('ERROR')
  await see(ruler).toHaveAttribute('aria-valuetext', /1 line, 1 error$/)
  await page.getByRole('searchbox', { name: 'Filter lines' }).fill('nothing like it')
  await see(page.getByText('No line fits the filter.')).toBeVisible()
  await see(ruler).toHaveCount(0)
})

test('a gateway that restarts is said, and the log goes on by itself', async () => {
  await show()
  streams[0]?.say(lines(0, 2))
  await see(page.getByText('line 19.')).toBeVisible()
  streams[0]?.say({ type: 'closed', reason: 'The gateway is restarting', returns: true })
  await see(page.getByText('The gateway is restarting.', { exact: false })).toBeVisible()
  await expect.poll(() => streams.length).toBe(2)
  expect(streams[1]?.asked).toMatchObject({ sinceSeconds: expect.any(Number) })
  streams[1]?.say(lines(0, 3))
  await see(page.getByText('line 29.')).toBeVisible()
  await see(page.getByText('nothing is missing here', { exact: false })).toHaveCount(2)
  await see(page.getByText('32 lines')).toBeVisible()
})

test('pods that a log has no room for are said', async () => {
  await show(13)
  await see(page.getByText('13 of the chosen pods are left out: a log reads 50 pods')).toBeVisible()
})
