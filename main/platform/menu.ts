import { Menu } from 'electron'
import { menuTemplate, type MenuActions } from '../app/menu.ts'

/** Before `ready`: Electron would else build its own, with developer tools in it. */
export const withoutMenu = () => {
  Menu.setApplicationMenu(null)
}

export const setMenu = (actions: MenuActions) => {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, actions)))
}
