import { Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions } from 'electron'
import { drawMark } from '../app/tray-image.ts'
import {
  trayLines,
  trayTip,
  type TrayAction,
  type TrayLine,
  type TrayState,
} from '../app/tray-menu.ts'

export interface AppTray {
  show(state: TrayState): void
}

/** Undefined where the system has no place for one: the window is then all there is. */
export function makeTray(act: (action: TrayAction) => void): AppTray | undefined {
  let tray: Tray
  try {
    tray = new Tray(image())
  } catch {
    return undefined
  }
  // Kept for as long as the app runs: a collected tray vanishes from the screen.
  kept.push(tray)
  tray.on('click', () => {
    act({ do: 'open' })
  })
  return {
    show(state) {
      tray.setToolTip(trayTip(state))
      const template = trayLines(state).map((line) => itemOf(line, act))
      tray.setContextMenu(Menu.buildFromTemplate(template))
    },
  }
}

const kept: Tray[] = []

function itemOf(line: TrayLine, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (line.kind) {
    case 'line':
      return { type: 'separator' }
    case 'text':
      return { label: line.label, enabled: false }
    case 'do':
      return {
        label: line.label,
        click: () => {
          act(line.action)
        },
      }
  }
}

function image() {
  const mac = process.platform === 'darwin'
  const gray = mac || !nativeTheme.shouldUseDarkColors ? 0 : 255
  const size = mac ? 16 : 32
  const picture = nativeImage.createFromBitmap(drawMark(size, gray), { width: size, height: size })
  if (mac) {
    const buffer = drawMark(size * 2, gray)
    picture.addRepresentation({ scaleFactor: 2, width: size * 2, height: size * 2, buffer })
    picture.setTemplateImage(true)
  }
  return picture
}
