import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { builtRenderer } from '../../support/homes.ts'
import { see } from '../../support/see.ts'
import { enterPassword, goTo, landed, signedIn } from '../../support/stories.ts'
import { openWorld, type World } from '../../support/world.ts'
import { openBadRoad, type BadRoad } from '../../server/live/bad-road.ts'

let road: BadRoad
let world: World
let browser: Browser
let page: Page
let clear: () => Promise<void>
let namespace: string

beforeAll(async () => {
  const handle = inject('cluster')
  road = await openBadRoad(handle)
  const { address, caPem } = road
  world = await openWorld({
    cluster: { ...handle, address, caPem },
    environment: { GATEHOUSE_CONSOLE_FOLDER: await builtRenderer() },
  })
  const made = await world.cluster.namespace('unread')
  namespace = made.name
  clear = () => made.remove()
  const person = await world.person(['viewer'], { namespaces: [namespace] })
  browser = await launchBrowser()
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  page = await context.newPage()
  await page.goto(world.gateway.address)
  await enterPassword(page, person)
  await signedIn(page, person)
  await landed(page)
})
afterAll(async () => {
  road?.refuse(false)
  await browser?.close()
  await clear?.()
  await world?.stop()
  await road?.stop()
})

const jobs = () => goTo(page, `#/c/${world.id}@viewer/batch/v1/jobs?ns=${namespace}`)

test('a list that could not be read is not called empty, and is once it could', async () => {
  road.refuse(true)
  await jobs()
  await see(page.getByText('jobs.batch could not be read')).toBeVisible()
  expect(await page.getByText(/^No jobs/).count()).toBe(0)
  expect(await page.getByText(/last seen/).count()).toBe(0)
  road.refuse(false)
  await see(page.getByText(`No jobs.batch in ${namespace}`)).toBeVisible()
  road.refuse(true)
  await see(page.getByText(/last seen .* ago/).first()).toBeVisible()
  road.refuse(false)
})

test('the overview does not call well what one may not look at', async () => {
  await goTo(page, `#/c/${world.id}@viewer`)
  await see(page.getByText(/^Nodes: you may not list them/).first()).toBeVisible()
  // The tree counts them too, within the namespace that was chosen before.
  const overview = page.getByRole('region', { name: 'The test cluster' })
  await see(overview.getByRole('link', { name: /^Pods\s*0$/ })).toBeVisible()
  expect(await page.getByText('Nothing is failing.').count()).toBe(0)
})
