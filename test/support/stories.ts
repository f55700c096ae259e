import type { Locator, Page } from '@playwright/test'
import type { Home } from './homes.ts'
import { see } from './see.ts'

/** Somebody who signs in. */
export interface Caller {
  readonly name: string
  readonly password: string
}

const exact = { exact: true } as const

/** The app’s way to a gateway it has never seen: its key is compared before it is trusted. */
export async function chooseGateway(page: Page, address: string, fingerprint: string) {
  await page.getByLabel('Address').fill(address)
  await page.getByRole('button', { name: 'Connect' }).click()
  await see(page.getByText(fingerprint, exact)).toBeVisible()
  await page.getByRole('button', { name: 'It is the same: trust it' }).click()
}

export async function enterPassword(page: Page, { name, password }: Caller) {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password', exact).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export const signedIn = (page: Page, { name }: Caller) =>
  see(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible()

/** Through the whole door. */
export async function signIn(
  { page, kind }: Home,
  caller: Caller,
  gateway: { readonly address: string; readonly fingerprint: string },
) {
  if (kind === 'desktop') await chooseGateway(page, gateway.address, gateway.fingerprint)
  await enterPassword(page, caller)
  await signedIn(page, caller)
}

/** Where the door leads by itself; an address that is typed before that would be led away from. */
export const landed = (page: Page, cluster = 'The test cluster') =>
  see(page.getByRole('navigation', { name: 'Where you are' })).toContainText(cluster)

/** Goes to a place of the router, as a link does. */
export const goTo = (page: Page, path: string) =>
  page.evaluate((hash) => {
    location.hash = hash
  }, path)

/** Types what is looked for and takes the entry with this name, all by keyboard. */
export async function choose(page: Page, text: string, entry: RegExp) {
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Search and commands' })
  await see(field).toBeFocused()
  await page.keyboard.type(text)
  const wanted = page.getByRole('option', { name: entry }).first()
  await see(wanted).toBeVisible()
  await until(async () => {
    if ((await wanted.getAttribute('aria-selected')) === 'true') return true
    await page.keyboard.press('ArrowDown')
    return false
  })
  await page.keyboard.press('Enter')
  await see(field).toBeHidden()
}

/** Repeats a step that a person repeats by looking. */
async function until(step: () => Promise<boolean>): Promise<void> {
  for (let count = 0; count < 50; count += 1) if (await step()) return
  throw new Error('It did not come to that in 50 steps')
}

export const list = (page: Page, resource: string) =>
  page.getByRole('grid', { name: `List of ${resource}` })

export const row = (page: Page, name: string): Locator =>
  page
    .getByRole('row')
    .filter({ has: page.getByRole('checkbox', { name: `Select ${name}`, exact: true }) })

/** The object that is open beside the list. */
export const drawer = (page: Page, name: string): Locator =>
  page.getByRole('complementary', { name, exact: true })

/** One of the first actions of what is open, or one that is a step further. */
export async function act(page: Page, within: Locator, action: string) {
  const strip = within.getByRole('toolbar', { name: 'More actions' })
  const button = strip.getByRole('button', { name: action, exact: true })
  await see(strip).toBeVisible()
  if (await button.isVisible()) return button.click()
  await strip.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

export const dock = (page: Page): Locator => page.getByRole('region', { name: 'Dock', exact: true })

export async function closeDock(page: Page) {
  const close = dock(page).getByRole('button', { name: /^Close / })
  while ((await close.count()) > 0) await close.first().click()
}

/** A terminal of the dock, read as a screen reader reads it. */
export class TerminalScreen {
  readonly page: Page
  readonly pane: Locator

  constructor(page: Page) {
    this.page = page
    this.pane = dock(page).getByRole('tabpanel')
  }

  get #screen(): Locator {
    return this.pane.getByRole('group', { name: 'Terminal', exact: true })
  }

  /** Waits for the first prompt, and has the screen told in words. */
  async begin() {
    await see(this.#screen).toBeVisible()
    await this.pane.getByRole('button', { name: 'Screen reader mode' }).click()
    await this.shows(/[#$] $/m)
  }

  async lines(): Promise<string[]> {
    return this.#screen.getByRole('listitem').allTextContents()
  }

  async text(): Promise<string> {
    return (await this.lines()).map((it) => it.replaceAll('\u00a0', ' ')).join('\n')
  }

  async shows(pattern: RegExp, timeout = 20_000) {
    await see.poll(() => this.text(), { timeout, intervals: [50] }).toMatch(pattern)
  }

  async run(command: string) {
    await this.#screen.getByRole('textbox').focus()
    await this.page.keyboard.type(command)
    await this.page.keyboard.press('Enter')
  }

  notice(text: string | RegExp): Locator {
    return this.pane.getByRole('status').filter({ hasText: text })
  }
}

export const isFocused = (it: Locator): Promise<boolean> =>
  it.evaluate((element) => element === element.ownerDocument.activeElement)

/** Waits for words that fit, and gives what they hold. */
export async function told(where: Locator, pattern: RegExp): Promise<RegExpExecArray> {
  const said = where.filter({ hasText: pattern })
  await see(said).toBeVisible()
  const found = pattern.exec(await said.innerText())
  if (!found) throw new Error(`Nobody says ${String(pattern)} any more`)
  return found
}
