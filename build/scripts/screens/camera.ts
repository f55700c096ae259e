import { join } from 'node:path'
import type { Browser, Locator, Page } from '@playwright/test'
import { faultsOf, wear } from './faults.ts'
import type { Account } from './world.ts'

export interface Camera {
  readonly page: Page
  /** Makes something visible, waits for it, and takes a picture of the window in both themes. */
  readonly picture: (
    name: string,
    show: () => Promise<Locator | undefined>,
    options?: PictureOptions,
  ) => Promise<void>
  readonly signIn: (who: Account) => Promise<void>
  readonly go: (hash: string) => Promise<void>
  /** One of the actions of what is open in the drawer. */
  readonly act: (action: string) => Promise<void>
  closeDock(): Promise<void>
  closeDialog(): Promise<void>
  readonly miss: (name: string, error: unknown) => void
  /** Whether any picture whose name begins so is to be taken. */
  readonly wants: (prefix: string) => boolean
  /** Takes pictures of another window. */
  readonly turn: (page: Page) => Camera
}

interface PictureOptions {
  /** What is shown is that something is still being read. */
  readonly busy?: boolean
}

/** What came of all cameras together. */
export interface Album {
  readonly missed: string[]
  /** What axe finds wrong, a line each. */
  readonly faults: string[]
  readonly taken: string[]
}

interface CameraOptions {
  readonly folder: string
  readonly address: string
  /** Names of pictures; none means all. */
  readonly wanted: readonly string[]
  readonly say: (line: string) => void
  readonly album: Album
}

/** A tab of its own, as large as every picture. */
export async function openTab(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    // The gateway's authority was made a moment ago; nobody's list has it.
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  return context.newPage()
}

export function createCamera(page: Page, options: CameraOptions): Camera {
  const { folder, address, wanted, say, album } = options
  const { missed } = album
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => {
    say(`  the page: ${error.stack ?? error.message}`)
    if (!missed.includes('an error in the page')) missed.push('an error in the page')
  })
  const miss = (name: string, error: unknown) => {
    missed.push(name)
    say(`  ${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const go = (hash: string) =>
    page.evaluate((next) => {
      location.hash = next
    }, hash)
  const shoot = async (name: string) => {
    const found: string[] = []
    for (const theme of ['light', 'dark'] as const) {
      await wear(page, theme)
      const path = join(folder, theme, `${name}.png`)
      await page.screenshot({ path, animations: 'disabled', caret: 'initial' })
      found.push(...(await faultsOf(page, theme)))
    }
    say(`  ${name}`)
    for (const it of found) say(`    axe, ${it}`)
    album.faults.push(...found.map((it) => `${name} ${it}`))
    album.taken.push(name)
  }
  return {
    page,
    miss,
    go,
    turn: (other) => createCamera(other, options),
    wants: (prefix) =>
      wanted.length === 0 || wanted.some((it) => it.startsWith(prefix) || prefix.startsWith(it)),
    async picture(name, show, { busy = false } = {}) {
      if (wanted.length > 0 && !wanted.some((it) => name.startsWith(it))) return
      try {
        await (await show())?.waitFor()
        if (!busy) await quiet(page)
        await shoot(name)
      } catch (error) {
        miss(name, error)
        await page.screenshot({ path: join(folder, 'missed', `${name}.png`) })
      }
    },
    async signIn({ name, password }) {
      // A pod that starts on this machine is a new network to Chromium, which breaks off what it loads.
      await page.goto(address).catch(() => page.goto(address))
      await page
        .getByLabel('Name')
        .waitFor()
        .catch(() => page.goto(address))
      await page.getByLabel('Name').fill(name)
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: `Account of ${name}` }).waitFor()
    },
    async act(action) {
      const strip = page.getByRole('complementary').getByRole('toolbar', { name: 'More actions' })
      await strip.waitFor()
      const button = strip.getByRole('button', { name: action, exact: true })
      if (await button.isVisible()) return button.click()
      await strip.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: action }).click()
    },
    async closeDock() {
      const close = page
        .getByRole('region', { name: 'Dock', exact: true })
        .getByRole('button', { name: /^Close / })
      while ((await close.count()) > 0) await close.first().click()
    },
    async closeDialog() {
      const dialog = page.getByRole('dialog')
      for (let left = 5; left > 0 && (await dialog.isVisible()); left -= 1) {
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'hidden', timeout: 500 }).catch(() => undefined)
      }
    },
  }
}

/** Nothing says any more that it is loading, for as long as that is worth waiting. */
async function quiet(page: Page): Promise<void> {
  const busy = page.locator('[aria-busy="true"]').first()
  await busy.waitFor({ state: 'detached', timeout: 4000 }).catch(() => undefined)
}
