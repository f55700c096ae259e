import AxeBuilder from '@axe-core/playwright'
import type { Browser, Locator, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtRenderer } from '../support/homes.ts'
import { createPod, realPod } from '../support/pods.ts'
import { act, drawer, enterPassword, goTo, list, signedIn } from '../support/stories.ts'
import { openWorld, type TestPerson, type World } from '../support/world.ts'
import { see } from '../support/see.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** A machine that does much else is slow, and that is not what is looked at here. */

let world: World
let person: TestPerson
let namespace: string
let clear: () => Promise<void>
let browser: Browser
let page: Page

beforeAll(async () => {
  world = await openWorld({ environment: { GATEHOUSE_CONSOLE_FOLDER: await builtRenderer() } })
  person = await world.person(['admin'])
  const admin = await world.gateway.admin()
  await admin.persons.update({ id: person.id, admin: true })
  const made = await world.cluster.namespace('a11y')
  namespace = made.name
  clear = () => made.remove()
  await fill()
  browser = await launchBrowser()
  page = await openPage()
})
afterAll(async () => {
  await browser?.close()
  await clear?.()
  await world?.stop()
})

/** Something in each state: a pod that crashes, a secret, a deployment, a cron job. */
async function fill() {
  const { api } = world.cluster
  const post = (path: string, body: object) => api.want(path, { method: 'POST', body })
  const labels = { app: 'web' }
  const spec = { containers: [{ name: 'main', image: 'simulated' }] }
  await createPod(world.cluster, namespace, realPod('crasher', { script: 'echo gone; exit 7' }))
  const talks = 'while :; do echo "still here"; sleep 1; done'
  await createPod(world.cluster, namespace, realPod('talker', { script: talks }))
  await post(`/api/v1/namespaces/${namespace}/secrets`, {
    metadata: { name: 'database' },
    stringData: { password: 'not shown' },
  })
  await post(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  })
}

async function openPage(): Promise<Page> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  const opened = await context.newPage()
  opened.setDefaultTimeout(10_000)
  // Each pod that starts on this machine is a new network to Chromium, which breaks off what it loads.
  await see(async () => {
    await opened.goto(world.gateway.address)
    await opened.getByLabel('Name').waitFor({ timeout: 3000 })
  }).toPass()
  return opened
}

/**
 * What axe finds, as lines that say where. Only colours differ between the themes, so that the dark one
 * is looked at for those. There are no frames here: axe’s older mode spares a new page for each look.
 */
async function faults(name: string): Promise<string[]> {
  await wear('light')
  const all = await new AxeBuilder({ page }).setLegacyMode(true).withTags(rules).analyze()
  await wear('dark')
  const dark = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withRules(['color-contrast', 'link-in-text-block'])
    .analyze()
  const lines = (theme: string, { violations }: typeof all) =>
    violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary = '' }) =>
          `${name} ${theme} ${id}: ${target.join(' ')} ${failureSummary}`,
      ),
    )
  return [...lines('light', all), ...lines('dark', dark)]
}

/** Puts a theme on and waits until every colour has arrived. */
async function wear(colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await see(page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`)).toBeAttached()
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const ending = document
      .getAnimations()
      .filter((it) => it.effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map((it) => it.finished))
  })
}

/** Goes somewhere. What Chromium broke off because a pod made a new network is asked for by a reload. */
async function show(hash: string, seen: () => Locator): Promise<void> {
  await see(async () => {
    try {
      await goTo(page, hash)
      await see(seen()).toBeVisible({ timeout: 30_000 })
    } catch (error) {
      await page.reload()
      throw error
    }
  }).toPass({ timeout: 90_000 })
}

describe('axe finds nothing in either theme', () => {
  const place = () => `#/c/${world.id}@admin`
  const inList = (group: string, resource: string, open?: string) =>
    `${place()}/${group}/v1/${resource}?ns=${namespace}${open ? `&open=${namespace}/${open}` : ''}`
  const opened = (name: string) => drawer(page, name)
  const stripOf = (name: string) => opened(name).getByRole('toolbar', { name: 'More actions' })

  test('at the door', async () => {
    await page.getByLabel('Name').waitFor()
    expect(await faults('sign-in')).toEqual([])
    await enterPassword(page, { name: person.name, password: 'not this one' })
    await page.getByRole('alert').waitFor()
    expect(await faults('refused')).toEqual([])
    await enterPassword(page, person)
    await signedIn(page, person)
  })

  // S1-F65
  test('in the screens', async () => {
    const screens: readonly (readonly [hash: string, seen: () => Locator])[] = [
      [place(), () => page.getByRole('heading', { name: 'Overview' })],
      [inList('core', 'pods'), () => page.getByRole('row', { name: /crasher/ })],
      [inList('core', 'pods', 'crasher'), () => opened('crasher').getByText('exit code 7').first()],
      [
        `${inList('core', 'pods', 'crasher')}&tab=yaml`,
        () => opened('crasher').getByText('apiVersion').first(),
      ],
      [inList('core', 'secrets', 'database'), () => opened('database').getByText('password')],
      [inList('networking.k8s.io', 'ingresses'), () => page.getByText(/^No ingresses/)],
      [`${place()}/core/v1/no-such-kind`, () => page.getByRole('main')],
      ...['clusters', 'people', 'grants', 'sessions', 'audit'].map(
        (it) => [`#/admin/${it}`, () => page.getByRole('table').first()] as const,
      ),
      ['#/settings', () => page.getByLabel('New password')],
      ['#/forwards', () => page.getByText('Local ports need the desktop app')],
      ['#/nowhere', () => page.getByRole('main').getByRole('button')],
    ]
    const found: string[] = []
    for (const [hash, seen] of screens) {
      await show(hash, seen)
      found.push(...(await faults(hash)))
    }
    expect(found).toEqual([])
  }, 180_000)

  test('in what lies above the screens and below them', async () => {
    const found: string[] = []
    const dialog = page.getByRole('dialog')
    const above = async (name: string, open: () => Promise<void>, seen = dialog) => {
      await show(inList('apps', 'deployments', 'web'), () => stripOf('web'))
      await open()
      await see(seen).toBeVisible()
      found.push(...(await faults(name)))
      await page.keyboard.press('Escape')
      await see(seen).toBeHidden()
    }
    for (const action of ['Scale', 'Restart', 'Roll back', 'Delete'])
      await above(action, () => act(page, opened('web'), action))
    await above('palette', () => page.keyboard.press('Control+k'))
    await above('keys', () => page.keyboard.press('?'))
    await above(
      'account',
      () => page.getByRole('button', { name: `Account of ${person.name}` }).click(),
      page.getByRole('menu'),
    )
    await show(inList('apps', 'deployments', 'web'), () => stripOf('web'))
    await act(page, opened('web'), 'Edit')
    const pane = page.getByRole('tabpanel').filter({ hasText: 'Deployment' }).last()
    await see(pane).toBeVisible()
    found.push(...(await faults('editor')))
    await show(inList('core', 'pods', 'talker'), () => stripOf('talker'))
    await act(page, opened('talker'), 'Logs')
    await see(page.getByRole('region', { name: 'Lines of the log' })).toBeVisible()
    found.push(...(await faults('logs')))
    expect(found).toEqual([])
  }, 180_000)
})

describe('with the keyboard alone', () => {
  test('somebody gets from the door to why a pod fails, and always sees where they are', async () => {
    const other = await openPage()
    await see(other.getByLabel('Name')).toBeFocused()
    await other.keyboard.type(person.name)
    await other.keyboard.press('Tab')
    await other.keyboard.type(person.password)
    await other.keyboard.press('Enter')
    await signedIn(other, person)
    await goTo(other, `#/c/${world.id}@admin/core/v1/pods?ns=${namespace}`)
    await see(other.getByRole('row', { name: /crasher/ })).toBeVisible()

    // The first stop leads past the frame.
    await other.evaluate(() => {
      ;(document.activeElement as HTMLElement | null)?.blur()
    })
    const stops: string[] = []
    const grid = list(other, 'pods')
    for (let count = 0; count < 80; count += 1) {
      await other.keyboard.press('Tab')
      const stop = await focused(other)
      expect(stop.visible, `${stop.name} has the focus but does not show it`).toBe(true)
      stops.push(stop.name)
      if (stop.inGrid) break
    }
    expect(stops[0]).toBe('Skip to the content')
    expect(await grid.locator(':focus').count()).toBe(1)

    // Down to the row and into it; Escape leads back to the list.
    await other.keyboard.press('/')
    await other.keyboard.type('crasher')
    await other.keyboard.press('Enter')
    await see(other.getByRole('row')).toHaveCount(2)
    await other.keyboard.press('Escape')
    await other.keyboard.press('Enter')
    const opened = drawer(other, 'crasher')
    await see(opened.getByText('exit code 7').first()).toBeVisible()
    await other.keyboard.press('Control+k')
    await see(other.getByRole('combobox', { name: 'Search and commands' })).toBeFocused()
    await other.keyboard.press('Escape')
    await see(opened).toBeVisible()
    await other.keyboard.press('Escape')
    await see(opened).toBeHidden()
    await other.context().close()
  }, 180_000)

  test('what is typed at once after Ctrl+K is looked for, and is no key of the list', async () => {
    await goTo(page, `#/c/${world.id}@admin/core/v1/pods?ns=${namespace}`)
    const row = page.getByRole('row', { name: /crasher/ })
    await see(row).toBeVisible()
    const docked = await page.getByRole('tab').count()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('crasher')
    const field = page.getByRole('combobox', { name: 'Search and commands' })
    await see(field).toHaveValue('crasher')
    await page.keyboard.press('Escape')
    await see(field).toBeHidden()
    expect(await page.getByRole('tab').count()).toBe(docked)
  })
})

test('nothing moves for those who asked for that', async () => {
  await goTo(page, `#/c/${world.id}@admin`)
  await page.keyboard.press('Control+k')
  await see(page.getByRole('dialog')).toBeVisible()
  const slowest = () =>
    page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('*')].flatMap((it) => {
          const { transitionDuration, animationDuration } = getComputedStyle(it)
          return [...transitionDuration.split(','), ...animationDuration.split(',')].map(parseFloat)
        }),
      ),
    )
  expect(await slowest()).toBeLessThan(0.001)
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  expect(await slowest()).toBeGreaterThan(0.01)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.keyboard.press('Escape')
})

/** What has the focus, and whether it can be seen that it has. */
const focused = (where: Page) =>
  where.evaluate(async () => {
    // Colours change with the next frame.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    const element = document.activeElement ?? document.body
    const box = element.getBoundingClientRect()
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.color = 'var(--gh-accent)'
    const accent = getComputedStyle(probe).color
    probe.remove()
    const shows = (it: Element | null) => {
      if (!it) return false
      const { outlineStyle, boxShadow, borderColor } = getComputedStyle(it)
      return outlineStyle !== 'none' || boxShadow !== 'none' || borderColor === accent
    }
    return {
      name: element.getAttribute('aria-label') ?? element.textContent?.slice(0, 40) ?? '',
      inGrid: element.closest('[role="grid"]') !== null,
      // A field may have its frame around it.
      visible: box.width > 1 && box.height > 1 && (shows(element) || shows(element.parentElement)),
    }
  })
