import type { Camera } from './camera.ts'
import type { World } from './world.ts'

const eu = '#/c/shop-eu@admin'

/** One object beside its list. */
export async function objects(camera: Camera, { ada, cluster }: World): Promise<void> {
  const { page, picture, go } = camera
  await camera.signIn(ada)
  const names = await cluster.kubectlOutput(['-n', 'shop', 'get', 'pods', '-o', 'name'])
  const pod = (of: string) => new RegExp(`pod/(${of}-\\S+)`).exec(names)?.[1] ?? ''
  const opened = page.getByRole('complementary')
  const drawer = (name: string, hash: string, seen: string | RegExp) =>
    picture(name, async () => {
      await go(hash)
      return opened.getByText(seen).first()
    })
  const pods = `${eu}/core/v1/pods?ns=shop`
  await drawer('drawer-failing-pod', `${pods}&open=shop/${pod('cart')}`, /exit code 1/)
  await drawer('drawer-events', `${pods}&open=shop/${pod('cart')}&tab=events`, /Back-off/)
  await drawer('drawer-pod', `${pods}&open=shop/${pod('web')}`, /Containers/)
  await picture('drawer-usage', async () => {
    await go(`${pods}&open=shop/${pod('web')}`)
    const chart = opened.getByRole('figure').first()
    await chart.waitFor({ timeout: 40_000 })
    // Until there is more than one measurement to draw.
    await page.waitForTimeout(25_000)
    await chart.scrollIntoViewIfNeeded()
    return chart
  })
  await drawer('drawer-pending-pod', `${pods}&open=shop/${pod('thumbnails')}`, /Insufficient/)
  const deployments = `${eu}/apps/v1/deployments?ns=shop`
  await drawer('drawer-deployment', `${deployments}&open=shop/catalog`, /Relations/)
  await drawer('drawer-full', `${deployments}&open=shop/catalog&full=1`, /Relations/)
  await drawer('drawer-yaml', `${deployments}&open=shop/catalog&tab=yaml`, /apiVersion/)
  await drawer('drawer-node', `${eu}/core/v1/nodes?open=_/pool-b-2`, /Conditions/)
  await picture('drawer-node-usage', async () => {
    await go(`${eu}/core/v1/nodes?open=_/real-1`)
    const chart = opened.getByRole('figure').first()
    await chart.waitFor({ timeout: 40_000 })
    return chart
  })
  await drawer('drawer-service', `${eu}/core/v1/services?ns=shop&open=shop/web`, /Relations/)
  await drawer('drawer-configmap', `${eu}/core/v1/configmaps?ns=shop&open=shop/web`, /features/)
  await drawer('drawer-cronjob', `${eu}/batch/v1/cronjobs?open=payments/settlement`, /Schedule/)
  await picture('drawer-secret', async () => {
    await go(`${eu}/core/v1/secrets?ns=shop&open=shop/cart-db`)
    await opened
      .getByRole('button', { name: /^Reveal/ })
      .nth(1)
      .click()
    return opened.getByText('tr0ub4dor')
  })
  await drawer('drawer-gone', `${pods}&open=shop/no-such-pod`, /cannot be shown/)
}
