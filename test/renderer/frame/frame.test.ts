import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBuiltPage, type BuiltPage } from '../../support/built-page.ts'
import { see } from '../../support/see.ts'
import { choose, goTo, list } from '../../support/stories.ts'
import type { OpenViews } from './page.ts'

let built: BuiltPage
let page: Page

beforeAll(async () => {
  built = await openBuiltPage(join(import.meta.dirname, 'page.ts'), { width: 1300, height: 800 })
  page = built.page
  page.setDefaultTimeout(5000)
}, 120_000)
afterAll(() => built?.close())

const all = '#/c/lab@dev+shop-eu@dev+shop-us@dev'
const shops = '#/c/shop-eu@dev+shop-us@dev'
const tree = () => page.getByRole('navigation', { name: 'Kinds' })
const field = () => page.getByRole('combobox', { name: 'Search and commands' })
const hash = () => page.evaluate(() => decodeURIComponent(location.hash))
const leads = (part: RegExp) => see.poll(hash).toMatch(part)
const views = (): Promise<OpenViews> => page.evaluate(() => [...window.openViews.values()])
const heads = () => page.getByRole('columnheader')

test('the tree stands while one cluster is down, and says which of the others has a kind', async () => {
  await goTo(page, `${all}/core/v1/pods`)
  await see(tree().getByText('The Lab does not tell its kinds: connection refused')).toBeVisible()
  await see(tree().getByRole('link', { name: /^Pods/ })).toBeVisible()
  await tree().getByRole('button', { name: 'example.com' }).click()
  await see(tree().getByRole('link', { name: /^Widgets ?only in Shop America/ })).toBeVisible()
  await see(tree().getByRole('link', { name: /^Pods/ })).not.toContainText('only in')
  await page.keyboard.press(':')
  await page.keyboard.type('wid')
  await see(page.getByRole('option', { name: /Widgets.*only in Shop America/ })).toBeVisible()
  await page.keyboard.press('Escape')
})

test('what is of the whole cluster has no namespaces, whichever cluster tells it', async () => {
  await goTo(page, `${all}/core/v1/nodes`)
  await see(list(page, 'nodes')).toBeVisible()
  await see(page.getByRole('button', { name: 'All namespaces' })).toBeHidden()
  await see(heads().filter({ hasText: 'Namespace' })).toBeHidden()
})

test('a text finds objects by name first, and is told what was searched for it', async () => {
  await goTo(page, `${shops}/example.com/v1/widgets`)
  await see(list(page, 'widgets')).toBeVisible()
  const before = (await views()).length
  await page.keyboard.press('Control+k')
  await page.keyboard.type('cart')
  const objects = page.getByRole('option').filter({ hasText: 'prod' })
  await see(objects).toHaveText([
    /^cartdeployments/,
    /^cart-keysecrets/,
    /^till-7/,
    /^till-8/,
    /^till-9/,
  ])
  const dialog = page.getByRole('dialog')
  await see(dialog).toContainText(
    'Searched: widgets, pods, deployments, configmaps, nodes, secrets in Shop America, Shop Europe.',
  )
  await see(dialog).toContainText('Not searched: nodes in Shop America (no right).')
  const open = await views()
  expect(open).toHaveLength(before + 6)
  const secrets = open.find((it) => it.resource === 'secrets' && it.text === 'cart')
  expect(secrets?.sources).toEqual([{ cluster: 'shop-eu', profile: 'dev' }])
  await page.keyboard.press('Escape')
  await see(field()).toBeHidden()
  await see.poll(async () => (await views()).length).toBe(before)
})

test('a header is reached, sorts and is widened by keys alone', async () => {
  await goTo(page, `${shops}/core/v1/pods`)
  await see(page.getByRole('row', { name: /till-7/ })).toBeVisible()
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).focus()
  await page.keyboard.press('Tab')
  await see(heads().getByRole('button', { name: 'Name', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')
  await leads(/sort=name$/)
  for (const title of ['Cluster', 'Namespace', 'Made of']) {
    await page.keyboard.press('ArrowRight')
    await see(
      heads()
        .locator(':focus')
        .or(heads().and(page.locator(':focus'))),
    ).toHaveText(title)
  }
  await page.keyboard.press('Shift+Enter')
  await leads(/sort=name,made$/)
  await page.keyboard.press('Shift+Enter')
  await leads(/sort=name,-made$/)
  await see(heads().filter({ hasText: 'Made of' })).toHaveAttribute('aria-sort', 'descending')

  await page.keyboard.press('Tab')
  const edge = page.getByRole('separator', { name: 'Width of Made of' })
  await see(edge).toBeFocused()
  const width = async () => (await heads().filter({ hasText: 'Made of' }).boundingBox())?.width ?? 0
  const first = await width()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await see.poll(width).toBeCloseTo(first - 32, 0)
  await see(edge).toHaveAttribute('aria-valuenow', String(Math.round(first) - 32))
  await page.keyboard.press('ArrowRight')
  await see.poll(width).toBeCloseTo(first - 16, 0)
  await page.keyboard.press('Enter')
  await see.poll(width).toBe(first)
  await page.keyboard.press('Tab')
  await see(page.getByRole('row').and(page.locator(':focus'))).toHaveCount(1)
})

test('the order of a list is had by letters as in k9s, and from the palette', async () => {
  await goTo(page, `${shops}/core/v1/pods`)
  await see(page.getByRole('row', { name: /till-7/ })).toBeVisible()
  await page.keyboard.press('Shift+A')
  await leads(/sort=age$/)
  await page.keyboard.press('Shift+N')
  await leads(/sort=name$/)
  await choose(page, '>sort by made', /Sort by Made of/)
  await leads(/sort=made$/)
})

test('clusters of the rail change places by keys and by being dropped on each other', async () => {
  const rail = page.getByRole('navigation', { name: 'Clusters' })
  const tiles = rail.getByRole('listitem').getByRole('link')
  const order = (...names: string[]) =>
    see
      .poll(() => tiles.evaluateAll((all) => all.map((it) => it.getAttribute('aria-label'))))
      .toEqual(names.map((it) => `${it}, ${it === 'The Lab' ? 'does not answer' : 'answers'}`))
  await order('The Lab', 'Shop Europe', 'Shop America')
  await tiles.first().focus()
  await page.keyboard.press('Alt+ArrowDown')
  await page.keyboard.press('Alt+ArrowDown')
  await order('Shop Europe', 'Shop America', 'The Lab')
  await see(rail.getByRole('link', { name: /^The Lab/ })).toBeFocused()
  await see(rail.getByRole('status')).toHaveText('The Lab is now 3 of 3')
  await page.keyboard.press('Alt+ArrowUp')
  await order('Shop Europe', 'The Lab', 'Shop America')
  await tiles.first().dragTo(tiles.nth(1))
  await order('The Lab', 'Shop Europe', 'Shop America')
})

test('the namespaces that were chosen outlast the overview, and the tree a reload elsewhere', async () => {
  const pods = tree().getByRole('link', { name: /^Pods/ })
  await goTo(page, '#/c/shop-us@dev/core/v1/pods?ns=prod')
  await see(list(page, 'pods')).toBeVisible()
  await tree().getByRole('link', { name: 'Overview' }).click()
  await leads(/shop-us@dev$/)
  await see(pods).toHaveAttribute('href', '#/c/shop-us@dev/core/v1/pods?ns=prod')
  await goTo(page, '#/c/shop-us@dev/core/v1/nodes')
  await see(list(page, 'nodes')).toBeVisible()
  await see(pods).toHaveAttribute('href', '#/c/shop-us@dev/core/v1/pods?ns=prod')
  await goTo(page, '#/c/shop-us@dev/core/v1/configmaps')
  await see(pods).toHaveAttribute('href', '#/c/shop-us@dev/core/v1/pods')
  await goTo(page, '#/settings')
  await page.reload()
  await see(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await see(pods).toHaveAttribute('href', '#/c/shop-us@dev/core/v1/pods')
})

test('beside a pinned drawer a click moves the focus, and Enter opens', async () => {
  await goTo(page, '#/c/shop-us@dev/core/v1/pods?open=prod/till-7')
  const row = page.getByRole('row', { name: /till-8/ })
  await page.getByRole('button', { name: /^Pin/ }).click()
  // On its name: the middle of a row may be its namespace, which narrows the list.
  const onName = { position: { x: 70, y: 12 } }
  await row.click(onName)
  await see(row).toHaveAttribute('data-focused', 'true')
  expect(await hash()).toMatch(/open=prod\/till-7$/)
  await page.keyboard.press('Enter')
  await leads(/open=prod\/till-8$/)
  await page.getByRole('button', { name: /^Unpin/ }).click()
  await page.getByRole('row', { name: /till-9/ }).click(onName)
  await leads(/open=prod\/till-9$/)
})

test('the palette leads back to lists', async () => {
  await goTo(page, '#/c/shop-us@dev/apps/v1/deployments?ns=prod')
  await see(list(page, 'deployments')).toBeVisible()
  await goTo(page, '#/settings')
  await choose(page, 'deployments prod', /Deployments · prod/)
  await leads(/apps\/v1\/deployments\?ns=prod$/)
})

test('who has more namespaces than can be shown is told so', async () => {
  await goTo(page, '#/c/shop-us@dev/core/v1/pods')
  await page.keyboard.press('n')
  const note = page.getByText('The first 500 of 601. Type to find others.')
  await see(note).toBeVisible()
  await page.keyboard.type('team-1')
  await see(note).toBeHidden()
  await page.keyboard.press('Escape')
})

test('the settings tell what one may do where, and until when', async () => {
  await goTo(page, '#/settings')
  const place = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('button', { name }) })
  await see(place('The Lab @dev')).toContainText('In bench.')
  await see(place('Shop Europe @dev')).toContainText('Also: exec, secrets. Has no set end.')
  await see(place('Shop America @dev')).toContainText(/Ends .*, in 3d1[12]h\./)
  await page.getByRole('button', { name: 'The Lab @dev' }).click()
  const rows = page.getByRole('table', { name: 'What you may do in The Lab @dev, bench' })
  await see(rows.getByRole('row')).toHaveText([
    /^VerbsKindsOnly named/,
    /^readpods, pods\/log/,
    /^getdeployments\.apps ?till/,
  ])
})

test('axe finds nothing in what is new here', async () => {
  const found: string[] = []
  const look = async (name: string) => {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
    found.push(...violations.map((it) => `${name}: ${it.id} ${String(it.nodes[0]?.target)}`))
  }
  await goTo(page, `${all}/core/v1/pods?sort=name,-made`)
  await see(page.getByRole('row', { name: /till-7/ })).toBeVisible()
  await look('tree and header')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('cart')
  await see(page.getByText(/^Searched: /)).toBeVisible()
  await look('palette')
  await page.keyboard.press('Escape')
  await goTo(page, '#/settings')
  await page.getByRole('button', { name: 'The Lab @dev' }).click()
  await see(page.getByRole('table', { name: /^What you may do/ })).toBeVisible()
  await look('permissions')
  expect(found).toEqual([])
})

test('the browser has nothing to complain of', () => {
  expect(built.complaints).toEqual([])
})
