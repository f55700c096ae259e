import { app } from 'electron'
import { join } from 'node:path'
import { Callers } from '../app/callers.ts'
import { handoverOf, linkScheme, pathOfHandover, pathOfLink } from '../app/deep-links.ts'
import { guardNavigation, type Navigating } from '../app/navigation.ts'
import { closeNetwork } from '../app/network.ts'
import { denyPermissions, type PermissionSource } from '../app/permissions.ts'
import { stopInTime } from '../app/stopping.ts'
import { withoutMenu } from './menu.ts'
import { declareScheme } from './scheme.ts'

export interface Application {
  /** Electron is ready; `path` is where a link that started the app leads. */
  readonly ready: (path: string | undefined) => void
  /** Another start or a link: the window is wanted, perhaps at a place. */
  readonly called: (path: string | undefined) => void
  readonly quitting: () => void
  /** The last thing before the end: what others rely on is ended, and private files are removed. */
  readonly stop: () => Promise<void>
  /** A page tried to go elsewhere; it was kept. */
  readonly strayed: (url: string) => void
  readonly childGone: (type: string, reason: string) => void
}

/** Everything that must be settled before Electron is ready. False when another instance runs already. */
export function startApplication(on: Application): boolean {
  app.enableSandbox()
  declareScheme()
  withoutMenu()
  const handover = handoverOf(process.argv)
  if (!app.requestSingleInstanceLock({ ...handover })) {
    app.quit()
    return false
  }
  // The packages of Linux say it in their .desktop file; nothing of the person's is written.
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient(linkScheme)
  const callers = new Callers(handover.path, on.called)
  app.on('second-instance', (_event, _argv, _folder, data) => {
    callers.call(pathOfHandover(data))
  })
  // macOS hands over the link that started the app before it is ready.
  app.on('open-url', (event, url) => {
    event.preventDefault()
    callers.call(pathOfLink(url))
  })
  app.on('activate', () => {
    callers.call(undefined)
  })
  app.on('web-contents-created', (_event, contents) => {
    guardNavigation(contents as Navigating, on.strayed)
  })
  app.on('session-created', (session) => {
    denyPermissions(session as PermissionSource)
    closeNetwork(session, on.strayed)
  })
  app.on('before-quit', on.quitting)
  app.on('will-quit', (event) => {
    event.preventDefault()
    void stopInTime(on.stop).then(() => {
      app.exit(0)
    })
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('child-process-gone', (_event, { type, reason }) => {
    on.childGone(type, reason)
  })
  void app.whenReady().then(() => {
    on.ready(callers.begin())
  })
  return true
}

/** Where the app keeps what is its own. */
export const ownFile = (...parts: string[]) => join(app.getPath('userData'), ...parts)

export const versions = () => ({
  version: app.getVersion(),
  electron: process.versions['electron'] ?? '',
  platform: `${process.platform} ${process.arch}`,
})

export const isPackaged = () => app.isPackaged
export const quit = () => {
  app.quit()
}

const relaunchMark = '--relaunched'
export const wasRelaunched = () => process.argv.includes(relaunchMark)
const noGpu = '--disable-gpu'
export const isWithoutGpu = () => process.argv.includes(noGpu)

/** Starts again as before, with a mark; `exit` must follow. */
export const relaunch = () => {
  relaunchWith(relaunchMark)
}

/** The graphics are what failed: the next failure of ours is still the first. */
export const relaunchWithoutGpu = () => {
  relaunchWith(noGpu)
}

function relaunchWith(added: string): void {
  const given = process.argv.slice(1).filter((it) => it !== added)
  app.relaunch({ args: [...given, added] })
}

export const exit = (code: number) => {
  app.exit(code)
}
