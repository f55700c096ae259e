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
    return failing
  })
  await picture('overview-two-clusters', async () => {
    await camera.go('#/c/shop-eu@admin+shop-us@admin')
    await page.getByText('Shop America').first().waitFor()
    await page
      .getByText(/requested/)
      .nth(1)
      .waitFor()
    return page.getByRole('link', { name: /^cart-/ }).nth(1)
  })
  await picture('palette', async () => {
    await camera.go('#/c/shop-eu@admin/core/v1/pods')
    await page.getByRole('grid').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('cart')
    return page.getByRole('option', { name: /cart-db-0/ }).first()
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
