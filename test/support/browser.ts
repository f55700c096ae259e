import { existsSync } from 'node:fs'
import { chromium, type Browser } from '@playwright/test'

/** What Debian installs; elsewhere playwright's own is taken. */
const systemChromium = '/usr/bin/chromium'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A real Chromium without a screen, for the web console. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    args: flags,
    ...(existsSync(systemChromium) && { executablePath: systemChromium }),
  })
