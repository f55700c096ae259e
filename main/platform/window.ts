import {
  BrowserWindow,
  nativeImage,
  nativeTheme,
  screen,
  type WebContentsDidStartNavigationEventParams,
} from 'electron'
import type { AppWindow } from '../app/app-window.ts'
import { drawIcon } from '../app/tray-image.ts'
import { windowOptions, type WindowLook } from '../app/window-options.ts'

/** The only place that makes a window. */
export function makeWindow(look: WindowLook): AppWindow {
  const window = new BrowserWindow(windowOptions(look))
  // Elsewhere a window has the icon of its program.
  if (process.platform === 'linux') window.setIcon(icon())
  const { webContents: page } = window
  const pageId = page.id
  return {
    pageId,
    load(url) {
      // What goes wrong is told by `render-process-gone`, or is a file of ours that is missing.
      window.loadURL(url).catch(() => undefined)
    },
    raise() {
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    hide() {
      window.hide()
    },
    maximize() {
      window.maximize()
    },
    destroy() {
      window.destroy()
    },
    bounds: () => window.getNormalBounds(),
    isMaximized: () => window.isMaximized(),
    setBackground(color) {
      window.setBackgroundColor(color)
    },
    send(channel, value) {
      if (!window.isDestroyed() && !page.isDestroyed()) page.send(channel, value)
    },
    onReady: (listener) => void window.once('ready-to-show', listener),
    onMoved(listener) {
      window.on('resize', listener)
      window.on('move', listener)
    },
    onLeft(listener) {
      // Before the next page is there: it could open ports that this would then end.
      page.on('did-start-navigation', (details: Partial<Started>, _url, inPlace, inMainFrame) => {
        const { isMainFrame = inMainFrame, isSameDocument = inPlace } = details
        if (isMainFrame && !isSameDocument) listener()
      })
      page.on('render-process-gone', listener)
      page.on('destroyed', listener)
    },
    onCrashed(listener) {
      page.on('render-process-gone', (_event, { reason }) => {
        listener(reason)
      })
    },
    onHung: (listener) => void window.on('unresponsive', listener),
    onClose(listener) {
      window.on('close', (event) => {
        if (!listener()) event.preventDefault()
      })
    },
    onClosed: (listener) => void window.on('closed', listener),
  }
}

const iconSize = 64
const icon = () =>
  nativeImage.createFromBitmap(drawIcon(iconSize), { width: iconSize, height: iconSize })

/** Older Electrons say it in arguments, newer ones in the event. */
type Started = WebContentsDidStartNavigationEventParams

/** The parts of the screens that windows may cover. */
export const workAreas = () => screen.getAllDisplays().map(({ workArea }) => workArea)

export const isSystemDark = () => nativeTheme.shouldUseDarkColors

/** Native parts, dialogs and menus, follow what was chosen in the page. */
export function setNativeTheme(theme: 'light' | 'dark' | 'system'): void {
  nativeTheme.themeSource = theme
}
