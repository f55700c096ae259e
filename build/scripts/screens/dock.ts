import type { Camera } from './camera.ts'
import type { World } from './world.ts'

const eu = '#/c/shop-eu@admin'

/** What stays open below while the rest changes. */
export async function dock(camera: Camera, { ada, cluster }: World): Promise<void> {
  const { page, picture, go, act } = camera
  await camera.signIn(ada)
  const area = page.getByRole('region', { name: 'Dock', exact: true })
  const pane = area.getByRole('tabpanel')
  const button = (name: string) => pane.getByRole('button', { name, exact: true })
  const names = await cluster.kubectlOutput(['-n', 'shop', 'get', 'pods', '-o', 'name'])
  const web = /pod\/(web-\S+)/.exec(names)?.[1] ?? ''

  await picture('logs', async () => {
    await go(`${eu}/apps/v1/deployments?ns=shop&open=shop/web`)
    await act('Logs')
    await pane.getByText('slow answer of cart').first().waitFor()
    return pane.getByLabel('Time of the lines')
  })
  await picture('logs-full', async () => {
    await area.getByRole('button', { name: 'Maximise the dock' }).click()
    await pane.getByText('slow answer of cart').nth(1).waitFor()
    return pane
  })
  await camera.closeDock()
  await picture('terminal', async () => {
    await go(`${eu}/core/v1/pods?ns=shop&open=shop/${web}`)
    await act('Shell')
    await pane.getByRole('group', { name: 'Terminal', exact: true }).waitFor()
    await page.waitForTimeout(1500)
    for (const line of ['hostname', 'ls -la /', 'wget -qO- localhost:8080']) {
      await page.keyboard.type(line)
      await page.keyboard.press('Enter')
      await page.waitForTimeout(500)
    }
    return pane
  })
  await picture('terminal-ended', async () => {
    await page.keyboard.type('exit 3')
    await page.keyboard.press('Enter')
    return pane.getByText('ended with code 3', { exact: false })
  })
  await camera.closeDock()
  const plain = pane.getByRole('textbox', { name: 'Manifest' })
  await picture('editor', async () => {
    await go(`${eu}/apps/v1/deployments?ns=shop&open=shop/catalog`)
    await act('Edit')
    return pane.getByText('apiVersion').first()
  })
  await picture('editor-review', async () => {
    await button('Plain text, for screen readers').click()
    await plain.fill((await plain.inputValue()).replace('replicas: 4', 'replicas: 6'))
    await button('Plain text, for screen readers').click()
    await button('Review').click()
    return button('Save')
  })
  await picture('editor-conflict', async () => {
    const patch = JSON.stringify({ spec: { replicas: 5 } })
    await cluster.kubectlOutput(['-n', 'shop', 'patch', 'deployment/catalog', '-p', patch])
    await button('Save').click()
    return pane.getByText('is marked in the text', { exact: false })
  })
  await camera.closeDock()
  await cluster.kubectlOutput(['-n', 'shop', 'scale', 'deployment/catalog', '--replicas=4'])
  const manifests = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'banner' }, data: { text: 'Sale!' } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web' },
      data: { LOG_LEVEL: 'debug' },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'no_good' },
      spec: { ports: [{ port: 80 }] },
    },
  ]
  await picture('apply', async () => {
    // Of two clusters, so that one is chosen.
    await go('#/c/shop-eu@admin+shop-us@admin/core/v1/configmaps?ns=shop')
    await page.getByRole('button', { name: 'Apply YAML' }).click()
    await page.getByRole('menuitem', { name: /shop-us/ }).click()
    await pane.getByRole('textbox').first().click()
    await page.keyboard.insertText(manifests.map((it) => JSON.stringify(it)).join('\n---\n'))
    await button('Try without writing').click()
    return pane.getByText('would be created')
  })
  await camera.closeDock()
  await picture('drain', async () => {
    await go(`${eu}/core/v1/nodes?open=_/simulated-1`)
    await act('Drain')
    return pane.getByRole('row').nth(2)
  })
  await picture('drain-held', async () => {
    await button('Cordon and drain').click()
    return pane.getByText('held by a budget').first()
  })
  await camera.closeDock()
  await cluster.kubectlOutput(['uncordon', 'simulated-1'])
}
