import type { Camera } from './camera.ts'
import type { World } from './world.ts'

/** The gateway itself, and what somebody sets for themselves. */
export async function administration(camera: Camera, { ada }: World): Promise<void> {
  const { page, picture, go } = camera
  await camera.signIn(ada)
  const at = (name: string, seen: string | RegExp) =>
    picture(`admin-${name}`, async () => {
      await go(`#/admin/${name}`)
      return page.getByText(seen).first()
    })
  const dialog = (name: string, button: string) =>
    picture(`admin-${name}`, async () => {
      await page.getByRole('button', { name: button }).first().click()
      return page.getByRole('dialog')
    }).then(() => camera.closeDialog())
  await at('clusters', 'Shop Europe')
  await picture('admin-profiles', async () => {
    await page
      .getByRole('button', { name: /Show the profiles|Shop Europe/ })
      .first()
      .click()
    return page.getByText('operator').first()
  })
  await dialog('import', 'Import a cluster')
  await at('people', 'carla')
  await dialog('person', 'Add a person')
  await at('grants', 'carla')
  await dialog('grant', 'Give a grant')
  await dialog('grant-removal', 'Take back')
  await at('sessions', 'this one')
  await at('audit', /objects|view|sign/i)
  await picture('settings', async () => {
    await go('#/settings')
    return page.getByText('Gateway', { exact: true })
  })
  await picture('forwards', async () => {
    await go('#/forwards')
    return page.getByText('Local ports need the desktop app')
  })
  await picture('unknown', async () => {
    await go('#/nowhere')
    return page.getByText('There is no such', { exact: false }).first()
  })
}
