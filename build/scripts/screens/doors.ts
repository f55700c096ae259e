import type { Camera } from './camera.ts'
import type { World } from './world.ts'

/** The way in, and what is seen first. */
export async function doors(camera: Camera, { ada, address }: World): Promise<void> {
  const { page, picture } = camera
  await page.goto(address)
  await picture('sign-in', () => Promise.resolve(page.getByLabel('Name')))
  await picture('sign-in-refused', async () => {
    await page.getByLabel('Name').fill('ada')
    await page.getByLabel('Password', { exact: true }).fill('not this one')
    await page.keyboard.press('Enter')
    return page.getByRole('alert')
  })
  await camera.signIn(ada)
  await picture('overview', async () => {
    const failing = page.getByRole('link', { name: /^cart-/ }).first()
    await failing.waitFor()
    await page
      .getByText(/requested/)
      .first()
      .waitFor()
    await page.getByText(/ used/).first().waitFor({ timeout: 60_000 })
    const asking = page.getByRole('main').getByText('…', { exact: true }).first()
    await asking.waitFor({ state: 'detached' })
    return failing
  })
  await picture('overview-attention', async () => {
    const attention = page.getByRole('heading', { name: 'Needs attention' }).first()
    await attention.waitFor()
    await attention.evaluate((it) => {
      it.scrollIntoView({ block: 'center' })
    })
    return attention
  })
  await picture('overview-two-clusters', async () => {
    await camera.go('#/c/shop-eu@admin+shop-us@admin')
    await page.getByText('Shop America').first().waitFor()
    await page
      .getByText(/requested/)
      .nth(1)
      .waitFor()
    const failing = page.getByRole('link', { name: /^cart-/ })
    await failing.nth(1).waitFor()
    // Both are seen where the first one ends.
    await page
      .getByText('Kubernetes v')
      .nth(1)
      .evaluate((it) => {
        it.scrollIntoView({ block: 'center' })
      })
    return failing.nth(1)
  })
  await picture('palette', async () => {
    await camera.go('#/c/shop-eu@admin/core/v1/pods')
    await page.getByRole('grid').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('cart')
    await page
      .getByRole('option', { name: /cart-db-0/ })
      .first()
      .waitFor()
    return page.getByRole('dialog').getByText(/^Searched: /)
  })
  await picture('palette-kinds', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.keyboard.type(':de')
    return page.getByRole('option', { name: /Deployments/ }).first()
  })
  await picture('palette-actions', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('>')
    return page.getByRole('option').first()
  })
  await picture('palette-nothing', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('kafka')
    return page.getByText('Nothing fits')
  })
  await picture('keys', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    return page.getByRole('dialog')
  })
  await page.keyboard.press('Escape')
  await picture('account', async () => {
    await page.getByRole('button', { name: 'Account of ada' }).click()
    return page.getByRole('menuitem', { name: 'Sign out' })
  })
}
