import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import type { BrowserContext, Page } from '@playwright/test'
import { freshBundles } from '../../build/scripts/electron/bundles.ts'
import { launchBrowser } from './browser.ts'
import { launchDesktop, type Desktop } from './electron/desktop.ts'
import { electronForTests } from './electron/distribution.ts'

/** The two homes of the one renderer. */
export const homes = ['web', 'desktop'] as const
export type HomeKind = (typeof homes)[number]

/** A window somebody sits at: a tab of a real browser, or the app in a real Electron. */
export interface Home {
  readonly kind: HomeKind
  readonly page: Page
  readonly desktop: Desktop | undefined
  /** Where the app keeps what it remembers. */
  readonly userData: string | undefined
  /** Everything that went wrong in the page: errors, uncaught ones, broken policies. */
  readonly complaints: readonly string[]
  /** What the browser itself will say about the next step is no fault of the page. */
  expectComplaint(pattern: RegExp): void
  close(): Promise<void>
}

/** The folder with the renderer as the source is now; what the gateway of such a test serves. */
export async function builtRenderer(): Promise<string> {
  const { lane } = await electronForTests()
  return join(await freshBundles(lane), 'renderer')
}

export interface HomeOptions {
  /** The folder of another app than Gatehouse as it is now. */
  readonly app?: string
  /** A packed app's own program, instead of any folder. */
  readonly executable?: string
  /** What the app is started with beside the usual: where kubectl lies, which shell somebody has. */
  readonly env?: Readonly<Record<string, string>>
}

/** Opens a browser at the address, or the app, which knows no address yet. */
export async function openHome(
  kind: HomeKind,
  address: string,
  options: HomeOptions = {},
): Promise<Home> {
  return kind === 'web' ? openWeb(address) : openDesktop(options)
}

async function openWeb(address: string): Promise<Home> {
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({
      // The gateway’s own authority is in no browser’s list; main’s pin is tested with the desktop.
      ignoreHTTPSErrors: true,
      viewport: { width: 1440, height: 900 },
    })
    const page = await context.newPage()
    const listened = await listen(page, context)
    await goThere(page, address)
    return {
      ...listened,
      kind: 'web',
      page,
      desktop: undefined,
      userData: undefined,
      close: () => browser.close(),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}

async function openDesktop({ app: folder, executable, env }: HomeOptions): Promise<Home> {
  const userData = await mkdtemp(join(tmpdir(), 'gatehouse-home-'))
  const desktop = await launchDesktop({
    userData,
    ...(folder && { folder }),
    ...(executable && { executable }),
    ...(env && { env }),
  })
  const page = desktop.window
  const listened = await listen(page, page.context())
  // What is said at the start is listened to as well.
  await page.reload()
  return {
    ...listened,
    kind: 'desktop',
    page,
    desktop,
    userData,
    async close() {
      await desktop.close()
      await rm(userData, { recursive: true, force: true })
    },
  }
}

/** Each pod that starts on this machine is a new network to Chromium, which then breaks off what it loads. */
const shaken = /ERR_NETWORK_CHANGED/

async function goThere(page: Page, address: string): Promise<void> {
  await page.goto(address).catch((error: Error) => {
    if (!shaken.test(error.message)) throw error
    return goThere(page, address)
  })
}

/** Said by the browser itself, of a wrong password and of a session that is none yet. */
const usual = [/^Failed to load resource: .*status of 401/, shaken]

async function listen(
  page: Page,
  context: BrowserContext,
): Promise<Pick<Home, 'complaints' | 'expectComplaint'>> {
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  const expected = [...usual]
  const complain = (text: string) => {
    if (!expected.some((it) => it.test(text))) complaints.push(text)
  }
  page.on('console', (message) => {
    if (message.type() === 'error') complain(`${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => {
    complain(`uncaught: ${error.stack ?? error.message}`)
  })
  page.on('crash', () => {
    complain('the page crashed')
  })
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      // oxlint-disable-next-line no-console -- the page tells the test this way
      console.error(`violation: ${violatedDirective} ${blockedURI} ${sample}`)
    })
  })
  return { complaints, expectComplaint: (pattern) => void expected.push(pattern) }
}

/** How the gateway’s key is shown to people: the SHA-256 of it, in groups of four. */
export async function fingerprintOf(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { raw } = socket.getPeerCertificate()
  socket.destroy()
  const key = new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'der' })
  const hash = createHash('sha256').update(key).digest('hex').toUpperCase()
  return hash.match(/.{4}/g)?.join(' ') ?? ''
}
