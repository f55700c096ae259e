import { existsSync } from 'node:fs'

/** What Debian installs; elsewhere playwright's own is taken. */
const systemChromium = '/usr/bin/chromium'

export const chromiumHere = () => ({
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  ...(existsSync(systemChromium) && { executablePath: systemChromium }),
})
