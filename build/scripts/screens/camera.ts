import { join } from 'node:path'
import type { Browser, Locator, Page } from '@playwright/test'
import type { Account } from './world.ts'

export interface Camera {
  readonly page: Page
  readonly missed: readonly string[]
  /** Makes something visible, waits for it, and takes a picture of the window in both themes. */
  readonly picture: (name: string, show: () => Promise<Locator | undefined>) => Promise<void>
  readonly signIn: (who: Account) => Promise<void>
  readonly go: (hash: string) => Promise<void>
  /** One of the actions of what is open in the drawer. */
  readonly act: (action: string) => Promise<void>
  closeDock(): Promise<void>
  closeDialog(): Promise<void>
  readonly miss: (name: string, error: unknown) => void
  close(): Promise<void>
}

interface CameraOptions {
  readonly browser: Browser
  readonly folder: string
  readonly address: string
  /** Names of pictures; none means all. */
  readonly wanted: readonly string[]
  readonly say: (line: string) => void
}

export async function createCamera(options: CameraOptions): Promise<Camera> {
  const { browser, folder, address, wanted, say } = options
  const context = await browser.newContext({
    // The gateway's authority was made a moment ago; nobody's list has it.
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const missed: string[] = []
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
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      // Two frames: one for the theme, one for what draws itself anew.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      )
      const path = join(folder, colorScheme, `${name}.png`)
      await page.screenshot({ path, animations: 'disabled', caret: 'initial' })
    }
    say(`  ${name}`)
  }
  return {
    page,
    missed,
    miss,
    go,
    async picture(name, show) {
      if (wanted.length > 0 && !wanted.some((it) => name.startsWith(it))) return
      try {
        await (await show())?.waitFor()
        await quiet(page)
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
    close: () => context.close(),
  }
}

/** Nothing says any more that it is loading, for as long as that is worth waiting. */
async function quiet(page: Page): Promise<void> {
  const busy = page.locator('[aria-busy="true"]').first()
  await busy.waitFor({ state: 'detached', timeout: 4000 }).catch(() => undefined)
}
