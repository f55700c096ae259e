import { extname, join } from 'node:path'
import { openLog } from './app/log.ts'
import { LoopGuard, onFatal, onGpuCrash } from './app/crashes.ts'
import { MainWindow } from './app/main-window.ts'
import { mark } from './app/marks.ts'
import * as application from './platform/application.ts'
import { serveScheme } from './platform/scheme.ts'
import { isSystemDark, makeWindow, setNativeTheme, workAreas } from './platform/window.ts'
import type { Services } from './services.ts'

/** What is not needed before the window is there is loaded after it. */
mark('main started')
const log = openLog(application.ownFile('logs', 'main.log'))
let services: Services | undefined
let window: MainWindow | undefined
let quitting = false

const stop = async () => services?.stop()
const { exit } = application

const fatal = onFatal({
  log: (message, error) => {
    log.error(message, error)
  },
  stop,
  tell: async (message) => {
    const { showFailure } = await import('./platform/dialogs.ts')
    showFailure(message)
  },
  relaunch: application.relaunch,
  exit,
  relaunched: application.wasRelaunched(),
})
const gpuCrashed = onGpuCrash({
  stop,
  relaunch: application.relaunchWithoutGpu,
  exit,
  without: application.isWithoutGpu(),
  guard: new LoopGuard(Date.now, 2),
})
process.on('uncaughtException', fatal)
process.on('unhandledRejection', fatal)

application.startApplication({
  ready(path) {
    mark('ready')
    open(path)
  },
  called(path) {
    window?.open(path)
  },
  quitting() {
    quitting = true
  },
  stop,
  strayed(url) {
    log.info(`kept from going to ${url.slice(0, 200)}`)
  },
  childGone(type, reason) {
    log.info(`process gone: ${type} (${reason})`)
    if (type === 'GPU') gpuCrashed(reason)
  },
})

function open(path: string | undefined): void {
  // Only this file knows where the bundles lie: what is loaded later may lie in a folder below.
  const here = import.meta.dirname
  const ptyHost = join(here, `pty-host${extname(import.meta.filename)}`)
  serveScheme(join(here, '../renderer'))
  const served = import('./services.ts').then(({ startServices }) => {
    services = startServices(main, log, ptyHost)
    mark('served')
  })
  const main = new MainWindow(
    {
      make: makeWindow,
      stateFile: application.ownFile('window.json'),
      preload: join(here, '../preload/index.cjs'),
      devTools: !application.isPackaged(),
      areas: workAreas,
      isSystemDark,
      mayClose: () => quitting || (services?.mayClose() ?? true),
      lead: (path) => services?.navigate(path),
      left: (pageId) => services?.pageLeft(pageId),
      askReload: async () => (await import('./platform/dialogs.ts')).confirmReload(),
      said: (message) => {
        log.info(message)
      },
    },
    served,
  )
  window = main
  setNativeTheme(main.theme)
  main.open(path)
  mark('window made')
}
