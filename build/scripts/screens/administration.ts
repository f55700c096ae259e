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
  /** Asked in the line that has the text, or above all lines. */
  const dialog = (name: string, button: string, line?: string) =>
    picture(`admin-${name}`, async () => {
      const within = line ? page.getByRole('row').filter({ hasText: line }).first() : page
      await within.getByRole('button', { name: button, exact: true }).first().click()
      return page.getByRole('dialog')
    }).then(() => camera.closeDialog())
  await at('clusters', 'Shop Europe')
  await dialog('cluster', 'Change', 'Shop America')
  await picture('admin-profiles', async () => {
    await page
      .getByRole('button', { name: /Show the profiles|Shop Europe/ })
      .first()
      .click()
    return page.getByText('operator').first()
  })
  await dialog('profile-account', 'Add an account')
  await dialog('profile-token', 'Add a pasted token')
  await dialog('import', 'Import a cluster')
  await dialog('register', 'Register by address')
  await dialog('cluster-removal', 'Remove', 'Shop America')
  await at('people', 'carla')
  await dialog('person', 'Add a person')
  await dialog('person-password', 'Set password', 'carla')
  await dialog('person-disable', 'Disable', 'carla')
  await at('grants', 'carla')
  await dialog('grant', 'Give a grant')
  await dialog('grant-removal', 'Take back', 'carla')
  await at('sessions', 'this one')
  await audit(camera)
  await picture('settings', async () => {
    await go('#/settings')
    return page.getByText('Gateway', { exact: true })
  })
  await picture('settings-permissions', async () => {
    await page.getByRole('button', { name: 'Shop Europe @viewer' }).click()
    await page.getByRole('table').first().waitFor()
    return page.getByRole('combobox', { name: 'In the namespace' })
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

/** What was done, narrowed, and one record of it. */
async function audit(camera: Camera): Promise<void> {
  const { page, picture, go } = camera
  const record = page.getByRole('row').filter({ hasText: 'grants.create (outcome)' }).first()
  await picture('admin-audit', async () => {
    await go('#/admin/audit')
    return page.getByText('The chain is whole and being written')
  })
  await picture('admin-audit-filters', async () => {
    const since = new Date(Date.now() - 3_600_000).toISOString()
    await go(`#/admin/audit?since=${since}&action=grants.create&result=allowed`)
    return record
  })
  await picture('admin-audit-event', async () => {
    await record.getByRole('button').click()
    return page.getByRole('dialog').getByText('Hash')
  })
  await camera.closeDialog()
  await picture('admin-audit-export', async () => {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    return page.getByRole('dialog').getByRole('link', { name: 'Download' })
  })
  await camera.closeDialog()
}
