import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { realNodeName } from '../support/cluster/node.ts'
import { administrator } from '../support/gateway.ts'
import { builtRenderer, openHome, type Home } from '../support/homes.ts'
import { see } from '../support/see.ts'
import { enterPassword, goTo, row, signedIn } from '../support/stories.ts'
import { adminKubeconfig, openWorld, type World } from '../support/world.ts'

const shop = 'shop'
const person = { name: `ada-${randomBytes(3).toString('hex')}`, password: 'a first password' }

let world: World
/** Where the administrator sits, and where the person does. */
let office: Home
let elsewhere: Home

beforeAll(async () => {
  world = await openWorld({ environment: { GATEHOUSE_CONSOLE_FOLDER: await builtRenderer() } })
  const { address } = world.gateway
  ;[office, elsewhere] = await Promise.all([openHome('web', address), openHome('web', address)])
})
afterAll(async () => {
  await Promise.all([office?.close(), elsewhere?.close()])
  await world?.stop()
})
afterEach(() => {
  expect([...office.complaints, ...elsewhere.complaints]).toEqual([])
})

const pageOf = (name: string) =>
  office.page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name })
const button = (within: Page | Locator, name: string) =>
  within.getByRole('button', { name, exact: true })
const line = (text: string | RegExp) => office.page.getByRole('row').filter({ hasText: text })
const dialog = () => office.page.getByRole('dialog')
const field = (name: string) => dialog().getByRole('textbox', { name, exact: true })

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong with what is shown now. */
async function faults(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: office.page })
    .setLegacyMode(true)
    .withTags(rules)
    .analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id} ${target.join(' ')}`),
  )
}

/** Picks an entry of a list that opens below its field. */
async function pick(field: string, entry: string) {
  await dialog().getByRole('combobox', { name: field }).click()
  await office.page.getByRole('option', { name: entry }).click()
}

// S1-F69
test('a cluster is imported from what was pasted, renamed, and not moved to where nothing answers', async () => {
  const { page } = office
  // The answers of the gateway to what cannot be done.
  office.expectComplaint(/status of (400|502|504) .*\/api\/clusters\//)
  await enterPassword(page, administrator)
  await signedIn(page, administrator)
  await page.getByRole('link', { name: 'Administration' }).click()
  await button(page, 'Import a cluster').click()
  await field('Kubeconfig').fill(adminKubeconfig(world.cluster))
  await button(dialog(), 'Read it').click()
  await field('Name').fill('Shop')
  await field('Id').fill(shop)
  await button(dialog(), 'Import').click()
  await see(dialog()).toBeHidden()
  await see(line(shop)).toContainText('yes')

  await button(line(shop), 'Change').click()
  await field('Name').fill('The shop')
  await button(dialog(), 'Save').click()
  await see(dialog()).toBeHidden()
  await see(line(shop)).toContainText('The shop')

  await button(line(shop), 'Change').click()
  await field('Address').fill('https://127.0.0.1:9')
  await button(dialog(), 'Save').click()
  await see(dialog().getByRole('alert')).toContainText('127.0.0.1')
  expect(await faults()).toEqual([])
  await button(dialog(), 'Cancel').click()
  await see(line(shop)).toContainText(world.cluster.handle.address)

  await page.getByRole('button', { name: 'Show the profiles of The shop' }).click()
  await button(page, 'Add an account').click()
  await field('Profile').fill('open')
  await field('Its namespace').fill('default')
  await field('ServiceAccount').fill('default')
  await button(dialog(), 'Create').click()
  await see(dialog().getByRole('alert')).toContainText('closed to everyone')
  await button(dialog(), 'Cancel').click()
})

// S1-F64, S1-F69
test('a person with a grant signs in elsewhere and sees the cluster, until it is taken back', async () => {
  const { page } = office
  await pageOf('People').click()
  await button(page, 'Add a person').click()
  await field('Name').fill(person.name)
  await dialog().getByLabel('First password').fill(person.password)
  await button(dialog(), 'Create').click()
  await see(line(person.name)).toContainText('active')
  // The first one was typed; the next is made up, and shown once.
  await button(line(person.name), 'Set password').click()
  await button(dialog(), 'Set password').click()
  const password = await dialog().getByRole('status', { name: 'New password' }).innerText()
  expect(await faults()).toEqual([])
  await button(dialog(), 'Done').click()
  await see(page.getByText(password)).toBeHidden()

  await pageOf('Grants').click()
  await button(page, 'Give a grant').click()
  await pick('Person', person.name)
  await pick('Cluster', 'The shop')
  await pick('Profile', 'viewer')
  await button(dialog(), 'Create').click()
  await see(line(person.name)).toContainText(shop)

  await enterPassword(elsewhere.page, person)
  await see(elsewhere.page.getByRole('alert')).toBeVisible()
  await enterPassword(elsewhere.page, { ...person, password })
  await signedIn(elsewhere.page, person)
  const where = elsewhere.page.getByRole('navigation', { name: 'Where you are' })
  await see(where).toContainText('The shop')
  await goTo(elsewhere.page, `#/c/${shop}@viewer/core/v1/nodes`)
  await see(row(elsewhere.page, realNodeName)).toContainText('worker')

  elsewhere.expectComplaint(/status of 40[34] .*clusters\/shop/)
  await button(line(person.name), 'Take back').click()
  await button(dialog(), 'Take back').click()
  await see(page.getByText('No grant: nobody can reach any cluster yet.')).toBeVisible()
  await see(elsewhere.page.getByText('You hold no grant on the profile')).toBeVisible()
  await see(row(elsewhere.page, realNodeName)).toBeHidden()
})

// S1-F69
test('the audit finds what was done by its filter, which the address carries, and says all of it', async () => {
  const { page } = office
  await pageOf('Audit').click()
  const search = page.getByRole('search', { name: 'Audit' })
  await search.getByRole('combobox', { name: 'Time range' }).click()
  await page.getByRole('option', { name: 'last hour' }).click()
  await search.getByLabel('Action').fill('grants.remove')
  const removed = line('grants.remove (outcome)')
  await see(removed).toContainText(administrator.name)
  await see(line('grants.create')).toHaveCount(0)
  expect(new URL(page.url()).hash).toBe('#/admin/audit?last=hour&action=grants.remove')
  await page.reload()
  await see(removed).toHaveCount(1)
  await see(search.getByLabel('Action')).toHaveValue('grants.remove')

  // By keyboard alone, to all that belongs to it.
  await removed.getByRole('button').focus()
  await page.keyboard.press('Enter')
  await see(dialog()).toContainText('Hash')
  await see(dialog()).toContainText('204')
  expect(await faults()).toEqual([])
  await button(dialog(), 'Everything of this attempt').press('Enter')
  await see(dialog()).toBeHidden()
  await see(line('grants.remove (intent)')).toHaveCount(1)
  expect(page.url()).toMatch(/&id=[\w-]+$/)

  await goTo(page, `#/admin/audit?person=${person.name}&result=refused&resource=nodes&verb=list`)
  await see(line(`${shop}@viewer`).first()).toContainText('refused')
  await goTo(page, `#/admin/audit?person=${person.name}&until=2026-01-01T00:00:00.000Z`)
  await see(page.getByText('No event fits this filter.')).toBeVisible()
  await see(search.getByLabel('To, not included')).not.toHaveValue('')
  expect(await faults()).toEqual([])
})

test('what the audit shows is loaded down as it is kept, and a chain that cannot be read is told', async () => {
  const { page } = office
  await goTo(page, `#/admin/audit?action=grants.remove`)
  await button(page, 'Export').click()
  await see(dialog()).toContainText('gatehouse audit export --action=grants.remove')
  expect(await faults()).toEqual([])
  const coming = page.waitForEvent('download')
  await dialog().getByRole('link', { name: 'Download' }).click()
  const text = await readFile(await (await coming).path(), 'utf8')
  const actions = text.split('\n').flatMap((it) => /"action":\s*\\?"([^"\\]+)/.exec(it)?.[1] ?? [])
  expect(new Set(actions)).toEqual(new Set(['grants.remove']))
  await page.keyboard.press('Escape')

  office.expectComplaint(/ERR_FAILED.*events\/chain/)
  await see(page.getByText('The chain is whole and being written')).toBeVisible()
  await page.route('**/api/events/chain', (route) => route.abort())
  await page.reload()
  await see(page.getByRole('alert')).toContainText('The state of the chain cannot be read')
  await page.unroute('**/api/events/chain')
})

test('the last administrator cannot give that up, and whoever can loses these pages at once', async () => {
  const { page } = office
  office.expectComplaint(/status of 409 .*\/api\/persons\//)
  await pageOf('People').click()
  const own = line(administrator.name)
  await button(own, 'Take administration').click()
  await see(dialog()).toContainText('This is your own account')
  await button(dialog(), 'Take administration').click()
  await see(dialog().getByRole('alert')).toContainText('the last administrator')
  await button(dialog(), 'Cancel').click()

  await button(line(person.name), 'Make administrator').click()
  await button(dialog(), 'Make administrator').click()
  await see(line(person.name)).toContainText('administrator')
  await button(own, 'Take administration').click()
  await button(dialog(), 'Take administration').click()
  await see(page.getByText('This is for administrators')).toBeVisible()
  await see(page.getByRole('link', { name: 'Administration' })).toBeHidden()
})
