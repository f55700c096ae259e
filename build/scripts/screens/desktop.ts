import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fingerprintOf, openHome, type Home } from '../../../test/support/homes.ts'
import { chooseGateway, enterPassword } from '../../../test/support/stories.ts'
import { appDoor } from './app-door.ts'
import type { Camera } from './camera.ts'
import type { World } from './world.ts'

const eu = '#/c/shop-eu@admin'

/** What only the app has. */
export async function desktop(camera: Camera, world: World): Promise<void> {
  if (!camera.wants('app-')) return
  await appDoor(camera, world.address)
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-screens-app-'))
  // A home of their own, whose start-up file says where kubectl lies.
  const parts = dirname(world.cluster.handle.parts.kubectl)
  await writeFile(join(folder, '.profile'), `export PATH="${parts}:$PATH"\nPS1='ada@desk:~$ '\n`)
  const env = { SHELL: '/bin/sh', HOME: folder, TZ: 'UTC' }
  const home = await openHome('desktop', world.address, { env })
  try {
    await widen(home)
    await app(camera.turn(home.page), world)
  } finally {
    await home.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The size of every picture; and the native question whether a shell may be opened is answered. */
async function widen({ desktop: shown, page }: Home): Promise<void> {
  await shown?.app.evaluate(({ BrowserWindow, dialog }) => {
    dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false })
    BrowserWindow.getAllWindows()[0]?.setContentSize(1440, 900)
  })
  await page.emulateMedia({ reducedMotion: 'reduce' })
}

/** The app itself, in a real Electron. */
async function app(camera: Camera, { ada, address, cluster }: World): Promise<void> {
  const { page, picture, go, act } = camera
  await chooseGateway(page, address, await fingerprintOf(Number(new URL(address).port)))
  await enterPassword(page, ada)
  await page.getByRole('button', { name: `Account of ${ada.name}` }).waitFor()
  const names = await cluster.kubectlOutput(['-n', 'shop', 'get', 'pods', '-o', 'name'])
  const web = /pod\/(web-\S+)/.exec(names)?.[1] ?? ''
  const pane = page.getByRole('region', { name: 'Dock', exact: true }).getByRole('tabpanel')
  await picture('app-local-terminal', async () => {
    await go(`${eu}/core/v1/pods?ns=shop`)
    await page.getByRole('row', { name: /web-/ }).first().waitFor()
    await page.keyboard.press('Control+Shift+T')
    await pane.getByRole('group', { name: 'Terminal', exact: true }).waitFor()
    await page.waitForTimeout(2500)
    for (const line of ['kubectl config current-context', 'kubectl -n shop get deployments']) {
      await page.keyboard.type(line)
      await page.keyboard.press('Enter')
      await page.waitForTimeout(2500)
    }
    return pane
  })
  await camera.closeDock()
  const dialog = page.getByRole('dialog')
  await picture('app-dialog-forward', async () => {
    await go(`${eu}/core/v1/services?ns=shop&open=shop/web`)
    await act('Forward a port')
    return dialog.getByRole('group', { name: 'Ports that are declared' })
  })
  await camera.closeDialog()
  await picture('app-forwards', async () => {
    await go(`${eu}/core/v1/pods?ns=shop&open=shop/${web}`)
    await act('Forward a port')
    const start = dialog.getByRole('button', { name: 'Forward a port' })
    await dialog.getByRole('group', { name: 'Ports that are declared' }).waitFor()
    await start.click()
    const [, port] = await told(camera)
    await fetch(`http://127.0.0.1:${port ?? ''}/`).then((it) => it.text())
    await go('#/forwards')
    return page.getByRole('button', { name: 'Stop' })
  })
  await picture('app-settings', async () => {
    await go('#/settings')
    return page.getByText('Version of the app')
  })
}

/** The notice of a forward, which says its port. */
async function told({ page }: Camera): Promise<readonly string[]> {
  const notice = page.getByRole('alert').filter({ hasText: 'leads to port' })
  await notice.waitFor()
  return /127\.0\.0\.1:(\d+)/.exec(await notice.innerText()) ?? []
}
