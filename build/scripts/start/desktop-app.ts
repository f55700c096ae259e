import { spawn, type ChildProcess } from 'node:child_process'
import { findPinnedElectron } from '../electron/find-electron.ts'
import type { Say } from './say.ts'

/** The app beside the gateway, or why there is none. */
export type DesktopApp =
  | { readonly status: 'open'; close(): Promise<void> }
  | { readonly status: 'absent'; readonly why: string }

const longestQuit = 5000

/** Opens the desktop app from its bundles when this machine can show it. */
export async function openDesktopApp(folder: string, say: Say): Promise<DesktopApp> {
  // Whoever runs this in a script wants no window.
  if (!process.stdout.isTTY) return { status: 'absent', why: 'nobody is at this terminal' }
  const electron = await findPinnedElectron()
  if (!electron)
    return {
      status: 'absent',
      why: 'its Electron is not here yet; fetch it with: npx install-electron',
    }
  if (!hasDisplay()) return { status: 'absent', why: 'there is no display' }
  if (process.platform === 'linux' && process.getuid?.() === 0)
    return { status: 'absent', why: 'Chromium’s sandbox does not run as root' }
  // A group of its own: Ctrl-C reaches npm start alone, which then ends things in their order.
  const child = spawn(electron.executable, [folder], { stdio: 'ignore', detached: true })
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      say(`the desktop app did not start: ${error.message}`)
      resolve()
    })
    child.once('exit', () => resolve())
  })
  return { status: 'open', close: () => close(child, ended) }
}

const hasDisplay = () =>
  process.platform !== 'linux' ||
  Boolean(process.env['DISPLAY']) ||
  Boolean(process.env['WAYLAND_DISPLAY'])

async function close(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  const tooLong = setTimeout(() => child.kill('SIGKILL'), longestQuit)
  await ended
  clearTimeout(tooLong)
}
