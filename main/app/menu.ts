import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '#bridge/menu.ts'

export interface MenuActions {
  readonly navigate: (path: string) => void
  /** Done by the window, for what it shows. */
  readonly command: (name: MenuCommand) => void
  readonly signOut: () => void
  readonly about: () => void
  readonly saveLog: () => void
  /** Without a session there is nothing to open and nothing to leave. */
  readonly signedIn: boolean
}

/** The application's menu. No reload and no developer tools: the page is not a document. */
export function menuTemplate(
  platform: NodeJS.Platform,
  { navigate, command, signOut, about, saveLog, signedIn }: MenuActions,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const go = (label: string, path: string): MenuItemConstructorOptions => ({
    label,
    click: () => {
      navigate(path)
    },
  })
  const ask = (label: string, name: MenuCommand): MenuItemConstructorOptions => ({
    label,
    enabled: signedIn,
    click: () => {
      command(name)
    },
  })
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const aboutItem: MenuItemConstructorOptions = { label: 'About Gatehouse', click: about }
  const saveLogItem: MenuItemConstructorOptions = { label: 'Save the log…', click: saveLog }
  const settings = { ...go('Settings…', '/settings'), accelerator: 'CmdOrCtrl+,' }
  const session: MenuItemConstructorOptions[] = [
    {
      ...ask('New local terminal', 'local-terminal'),
      // Shown here and heard by the window, which knows when a dialog is open.
      accelerator: 'CmdOrCtrl+Shift+T',
      registerAccelerator: false,
    },
    ask('Copy link to this view', 'copy-link'),
    line,
    settings,
    line,
    { label: 'Sign out', enabled: signedIn, click: signOut },
  ]
  return [
    ...(mac
      ? [
          {
            label: 'Gatehouse',
            submenu: [
              aboutItem,
              line,
              ...session,
              line,
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              line,
              { role: 'quit' as const },
            ],
          },
        ]
      : [{ label: '&File', submenu: [...session, line, { role: 'quit' as const }] }]),
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        go('All clusters', '/'),
        go('Port forwards', '/forwards'),
        line,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        line,
        { role: 'togglefullscreen' },
      ],
    },
    ...(mac
      ? [{ role: 'windowMenu' as const }, { label: 'Help', submenu: [saveLogItem] }]
      : [{ label: '&Help', submenu: [saveLogItem, line, aboutItem] }]),
  ]
}
