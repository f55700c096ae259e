import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { fingerprintOf, builtRenderer, homes, openHome, type Home } from '../support/homes.ts'
import { createPod, realPod } from '../support/pods.ts'
import { startProgram } from '../support/program.ts'
import { see } from '../support/see.ts'
import {
  act,
  choose,
  closeDock,
  dock,
  drawer,
  goTo,
  landed,
  row,
  signIn,
  TerminalScreen,
} from '../support/stories.ts'
import { openWorld, type TestPerson, type World } from '../support/world.ts'

let world: World
let namespace = ''
let folder: string
let person: TestPerson

beforeAll(async () => {
  const renderer = await builtRenderer()
  world = await openWorld({ environment: { GATEHOUSE_CONSOLE_FOLDER: renderer } })
  namespace = (await world.cluster.namespace('local')).name
  person = await world.person(['operator'], { namespaces: [namespace] })
  await createPod(world.cluster, namespace, realPod('web', { script: 'sleep 3600' }))
  await world.cluster.waitForPod(namespace, 'web')
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-local-'))
})
afterAll(async () => {
  await world?.cluster.api.call(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' })
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe.each(homes)('in the %s', (kind) => {
  let home: Home

  beforeAll(async () => {
    // A home of their own, whose start-up file says where kubectl lies.
    const parts = dirname(world.cluster.handle.parts.kubectl)
    await writeFile(join(folder, '.profile'), `export PATH="${parts}:$PATH"\n`)
    home = await openHome(kind, world.gateway.address, { env: { SHELL: '/bin/sh', HOME: folder } })
    // The native question whether a shell may be opened is answered here.
    await home.desktop?.app.evaluate(({ dialog }) => {
      dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false })
    })
    const { address, port } = world.gateway
    await signIn(home, person, { address, fingerprint: await fingerprintOf(port) })
    await landed(home.page)
    await goTo(home.page, pods())
    await see(row(home.page, 'web')).toBeVisible()
  })
  afterAll(async () => {
    await home?.close()
  })
  afterEach(() => {
    expect(home.complaints).toEqual([])
  })

  const pods = () => `#/c/${world.id}@operator/core/v1/pods?ns=${namespace}`
  const opens = /Open a local terminal for The test cluster as operator/

  const stories = {
    desktop: [
      'a local terminal is opened from the palette, its kubectl reads the place, and its token dies with its tab',
      opensTerminal,
    ],
    web: ['local terminals belong to the app, to which every door of a browser leads', leadsToApp],
  } as const
  const [title, story] = stories[kind]
  test(title, story)

  test('the address of a view is copied for a colleague: of the console, in the app too', async () => {
    const { page } = home
    const { address } = world.gateway
    await goTo(page, `${pods()}&q=web`)
    await see(row(page, 'web')).toBeVisible()
    await page.keyboard.press('Shift+L')
    const said = page.getByRole('alert').filter({ hasText: 'The link was copied' })
    const link = `${address}/${pods()}&q=web`
    await see(said).toContainText(
      kind === 'desktop' ? `It leads to the web console of this gateway: ${link}` : link,
    )
    expect(await clipboard()).toBe(link)
  })

  /** What somebody would paste. */
  async function clipboard(): Promise<string> {
    const { desktop, page } = home
    if (desktop) return desktop.app.evaluate(({ clipboard: it }) => it.readText())
    await page.context().grantPermissions(['clipboard-read'])
    return page.evaluate(() => {
      const { navigator: it } = globalThis as unknown as {
        navigator: { clipboard: { readText(): Promise<string> } }
      }
      return it.clipboard.readText()
    })
  }

  async function opensTerminal() {
    const { page } = home
    const copy = join(folder, 'copied.json')
    const told = join(folder, 'told')
    await choose(page, '>local terminal', opens)
    const terminal = new TerminalScreen(page)
    await terminal.begin()
    await terminal.run('command -v kubectl')
    await terminal.shows(new RegExp(`^${world.cluster.handle.parts.kubectl}$`, 'm'))
    await terminal.run('kubectl get pods')
    await terminal.shows(/^web +1\/1 +Running/m)
    await terminal.run(`cp "$KUBECONFIG" ${copy}; echo "$KUBECONFIG" > ${told}; echo it is copied`)
    await terminal.shows(/^it is copied$/m)
    // What somebody else would do with the file.
    expect(await podsWith(copy)).toEqual({ code: 0, said: 'pod/web\n' })
    const original = (await readFile(told, 'utf8')).trim()
    expect(existsSync(original)).toBe(true)

    await closeDock(page)
    await see.poll(() => existsSync(original)).toBe(false)
    const { code, said } = await podsWith(copy)
    expect(code).toBe(1)
    expect(said).toMatch(/logged in|Unauthorized|refused/)
    expect(said).not.toContain('pod/web')
    await everyDoorOpensOne()
  }

  async function everyDoorOpensOne() {
    const { page } = home
    const tabs = dock(page).getByRole('tab', { name: `Local: ${world.id}@operator` })
    const door = { name: opens }
    await page.getByRole('banner').getByRole('button', door).click()
    await see(tabs).toHaveCount(1)
    const terminal = new TerminalScreen(page)
    await terminal.begin()
    // From within a terminal too; its shell sees none of it.
    await page.keyboard.press('Control+Shift+T')
    await see(tabs).toHaveCount(2)
    await home.desktop?.app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap((it) => it.submenu?.items ?? [])
      items?.find((it) => it.label === 'New local terminal')?.click()
    })
    await see(tabs).toHaveCount(3)
    await goTo(page, `#/c/${world.id}@operator`)
    await page.getByRole('main').getByRole('button', door).click()
    await see(tabs).toHaveCount(4)
    await closeDock(page)
  }

  async function podsWith(kubeconfig: string) {
    const args = ['--kubeconfig', kubeconfig, '--request-timeout=5s', 'get', 'pods', '-o', 'name']
    const { kubectl } = world.cluster.handle.parts
    const { ended, transcript } = startProgram(kubectl, args, { HOME: folder })
    return { code: await ended, said: transcript.text }
  }

  async function leadsToApp() {
    const { page } = home
    await choose(page, '>local terminal', opens)
    const pane = dock(page).getByRole('tabpanel')
    await see(pane.getByRole('heading')).toHaveText('Local terminals are part of the desktop app')
    await leadsTo(() => pane.getByRole('link', { name: 'Get the desktop app' }).click())
    await closeDock(page)
    const door = { name: 'Local terminals are part of the desktop app' }
    await leadsTo(() => page.getByRole('banner').getByRole('link', door).click())
    await goTo(page, `${pods()}&open=${namespace}/web`)
    await leadsTo(() => act(page, drawer(page, 'web'), 'Forward a port: get the desktop app'))
    await goTo(page, `#/c/${world.id}@operator`)
    await leadsTo(() => page.getByRole('main').getByRole('link', door).click())
  }

  /** In a tab of its own: what is open here stays. */
  async function leadsTo(step: () => Promise<void>) {
    const [opened] = await Promise.all([home.page.waitForEvent('popup'), step()])
    await opened.waitForURL(`${world.gateway.address}/download`)
    await see(opened.getByRole('heading').first()).toBeVisible()
    await opened.close()
  }
})
