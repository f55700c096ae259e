import type { Camera } from './camera.ts'
import type { World } from './world.ts'

const eu = '#/c/shop-eu@admin'

/** Many objects of one kind. */
export async function lists(camera: Camera, { ada }: World): Promise<void> {
  const { page, picture, go } = camera
  const row = (name: string | RegExp) => page.getByRole('row', { name }).first()
  await camera.signIn(ada)
  const list = (name: string, hash: string, seen: string | RegExp) =>
    picture(name, async () => {
      await go(hash)
      return row(seen)
    })
  await list('pods', `${eu}/core/v1/pods`, /cart-db-0/)
  await picture('pods-measured', async () => {
    await go(`${eu}/core/v1/pods?ns=shop`)
    await page.getByRole('columnheader', { name: 'Memory' }).waitFor({ timeout: 60_000 })
    return row(/web-/)
  })
  await list('deployments', `${eu}/apps/v1/deployments`, /catalog/)
  await list('nodes', `${eu}/core/v1/nodes`, /pool-b-3/)
  await list('events', `${eu}/core/v1/events?ns=shop,payments`, /BackOff|Failed/)
  await list('secrets', `${eu}/core/v1/secrets?ns=shop,payments`, /stripe/)
  await list('services', `${eu}/core/v1/services`, /catalog/)
  await list('jobs', `${eu}/batch/v1/jobs`, /reconcile/)
  await list('cronjobs', `${eu}/batch/v1/cronjobs`, /settlement/)
  await list('claims', `${eu}/core/v1/persistentvolumeclaims`, /ledger-archive/)
  await list('custom', `${eu}/ops.example.com/v1/backups`, /search-index/)
  await list('namespaces', `${eu}/core/v1/namespaces`, /payments/)
  await list(
    'two-clusters',
    '#/c/shop-eu@admin+shop-us@admin/apps/v1/deployments?ns=shop',
    /catalog/,
  )
  await picture('apply-place', async () => {
    await go('#/c/shop-eu@admin+shop-us@admin/apps/v1/deployments?ns=shop')
    await page.getByRole('button', { name: 'Apply YAML' }).click()
    return page.getByRole('menuitem', { name: /shop-us/ })
  })
  await page.keyboard.press('Escape')
  await list(
    'filter',
    `${eu}/core/v1/pods?ns=shop,payments&q=!recommender&s=CrashLoopBackOff,Error,Running`,
    /cart-/,
  )
  await picture('filter-menu', async () => {
    await page.getByRole('button', { name: 'Saved filters' }).click()
    return page.getByText('Save this filter as').first()
  })
  await page.keyboard.press('Escape')
  await picture('columns', async () => {
    await page.getByRole('button', { name: 'Columns', exact: true }).click()
    return page.getByText('As it was')
  })
  await page.keyboard.press('Escape')
  await picture('namespace-picker', async () => {
    await page.keyboard.press('n')
    return page.getByRole('group', { name: 'Namespaces' }).getByText('search')
  })
  await page.keyboard.press('Escape')
  await picture('row-menu', async () => {
    await go(`${eu}/apps/v1/deployments?ns=shop`)
    await row(/catalog/).click({ button: 'right' })
    return page.getByRole('menuitem', { name: 'Restart' })
  })
  await page.keyboard.press('Escape')
  await picture('selection', async () => {
    await go(`${eu}/apps/v1/deployments?ns=shop`)
    for (const name of ['catalog', 'web', 'cart'])
      await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).click()
    return page.getByText('3 selected')
  })
}
