import type { Camera } from './camera.ts'
import type { World } from './world.ts'

const eu = '#/c/shop-eu@admin'

/** When there is nothing, nothing yet, nothing any more, or nothing one may see. */
export async function states(camera: Camera, { ada, ben, wire }: World): Promise<void> {
  const { page, picture, go } = camera
  await camera.signIn(ben)
  await picture('forbidden', async () => {
    await go('#/c/shop-eu@viewer/core/v1/nodes')
    return page.getByText('You may not list', { exact: false }).first()
  })
  await picture('part-forbidden', async () => {
    await go('#/c/shop-eu@viewer/core/v1/pods?ns=shop,search')
    return page
      .getByText('You may not list', { exact: false })
      .or(page.getByText('you may not list', { exact: false }))
      .first()
  })
  await picture('overview-narrow-rights', async () => {
    await go('#/c/shop-eu@viewer')
    return page.getByRole('link', { name: /^cart-/ }).first()
  })
  await picture('action-refused', async () => {
    await go('#/c/shop-eu@viewer/apps/v1/deployments?ns=shop&open=shop/catalog')
    const scale = page.getByRole('complementary').getByRole('button', { name: /^Scale/ })
    return scale.and(page.locator('[aria-disabled="true"]'))
  })
  await page.context().clearCookies()
  await page.reload()
  await camera.signIn(ada)
  await picture('empty', async () => {
    await go(`${eu}/networking.k8s.io/v1/networkpolicies?ns=shop`)
    return page.getByText('No Network', { exact: false })
  })
  await picture('none-fits', async () => {
    await go(`${eu}/core/v1/pods?ns=shop&q=kafka`)
    return page.getByText('leaves none of', { exact: false })
  })
  await picture('stale-cluster', async () => {
    await go('#/c/shop-eu@admin+shop-us@admin/core/v1/pods?ns=shop')
    await page
      .getByRole('row', { name: /cart-db-0/ })
      .nth(1)
      .waitFor()
    wire.lose()
    await page.getByText(/last seen \d+s ago/).waitFor({ timeout: 30_000 })
    await page.waitForTimeout(4000)
    return page.getByText(/last seen \d+s ago/)
  })
  await picture(
    'loading',
    async () => {
      await go('#/c/shop-us@admin/batch/v1/jobs')
      // A moment later than what is quick.
      await page.waitForTimeout(600)
      return page.getByRole('main')
    },
    { busy: true },
  )
  await picture('unreachable', async () => {
    const unread = page.getByText(/^jobs\S* could not be read$/)
    await unread.waitFor({ timeout: 60_000 })
    return unread
  })
  await picture('unreachable-one', async () => {
    await go('#/c/shop-eu@admin+shop-us@admin/batch/v1/jobs')
    return page.getByText(/could not be read yet/)
  })
  await picture('overview-unreachable', async () => {
    await go('#/c/shop-us@admin')
    const doubt = page.getByText(/could not be read|last seen|does not answer/).first()
    await doubt.waitFor({ timeout: 60_000 })
    return doubt
  })
  wire.restore()
  await picture('offline', async () => {
    await go(`${eu}/core/v1/pods?ns=shop`)
    await page
      .getByRole('row', { name: /cart-db-0/ })
      .first()
      .click()
    await page.getByRole('complementary').getByText('Containers', { exact: true }).waitFor()
    await page.context().setOffline(true)
    await page.getByText(/Offline for/).waitFor({ timeout: 30_000 })
    return page.getByText(/Cannot be read now/).first()
  })
  await page.context().setOffline(false)
  await loadingPage(camera)
}

/** A page whose answer is still to come. */
async function loadingPage({ page, picture, go }: Camera): Promise<void> {
  await page.reload()
  await picture(
    'loading-page',
    async () => {
      await page.route('**/api/persons*', () => undefined)
      await go('#/admin/people')
      return page.getByRole('main').getByText('Loading…')
    },
    { busy: true },
  )
}
