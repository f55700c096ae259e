import type { Camera } from './camera.ts'
import type { World } from './world.ts'

const eu = '#/c/shop-eu@admin'

/** What is asked before something is done. */
export async function dialogs(camera: Camera, { ada }: World): Promise<void> {
  const { page, picture, go, act } = camera
  await camera.signIn(ada)
  const dialog = page.getByRole('dialog')
  const ask = (name: string, hash: string, action: string) =>
    picture(name, async () => {
      await camera.closeDialog()
      await go(hash)
      await act(action)
      return dialog
    })
  const catalog = `${eu}/apps/v1/deployments?ns=shop&open=shop/catalog`
  await ask('dialog-scale', catalog, 'Scale')
  await ask('dialog-restart', catalog, 'Restart')
  await ask('dialog-rollback', catalog, 'Roll back')
  await ask('dialog-delete', catalog, 'Delete')
  await ask('dialog-delete-namespace', `${eu}/core/v1/namespaces?open=_/search`, 'Delete')
  await picture('dialog-delete-typed', async () => {
    await dialog.getByRole('textbox').fill('search')
    return dialog.getByRole('button', { name: 'Delete' })
  })
  await ask('dialog-delete-node', `${eu}/core/v1/nodes?open=_/pool-b-3`, 'Delete')
  await picture('dialog-debug', async () => {
    await camera.closeDialog()
    await go(`${eu}/core/v1/pods?ns=shop&open=shop/cart-db-0`)
    await act('Debug')
    return dialog
  })
  await ask('dialog-run-now', `${eu}/batch/v1/cronjobs?open=payments/settlement`, 'Run now')
  await picture('dialog-bulk', async () => {
    await camera.closeDialog()
    await go(`${eu}/apps/v1/deployments?ns=shop`)
    for (const name of ['catalog', 'web', 'cart'])
      await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).click()
    await page
      .getByRole('toolbar', { name: 'What is selected' })
      .getByRole('button', { name: 'Scale' })
      .click()
    await dialog.getByLabel('Replicas').fill('2')
    return dialog
  })
  await picture('dialog-bulk-two-clusters', async () => {
    await camera.closeDialog()
    await go('#/c/shop-eu@admin+shop-us@admin/apps/v1/deployments?ns=shop')
    const boxes = page.getByRole('checkbox', { name: 'Select catalog', exact: true })
    await boxes.nth(1).waitFor()
    for (const box of await boxes.all()) await box.click()
    await page
      .getByRole('toolbar', { name: 'What is selected' })
      .getByRole('button', { name: 'Restart' })
      .click()
    return dialog
  })
}
