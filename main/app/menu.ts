import type { MenuItemConstructorOptions } from 'electron'

export interface MenuActions {
  readonly navigate: (path: string) => void
  readonly signOut: () => void
  readonly about: () => void
}

/** The application's menu. No reload and no developer tools: the page is not a document. */
export function menuTemplate(
  platform: NodeJS.Platform,
  { navigate, signOut, about }: MenuActions,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const go = (label: string, path: string): MenuItemConstructorOptions => ({
    label,
    click: () => {
      navigate(path)
    },
  })
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const aboutItem: MenuItemConstructorOptions = { label: 'About Gatehouse', click: about }
  const settings = { ...go('Settings…', '/settings'), accelerator: 'CmdOrCtrl+,' }
  const session: MenuItemConstructorOptions[] = [
    settings,
    line,
    { label: 'Sign out', click: signOut },
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
    mac ? { role: 'windowMenu' } : { label: '&Help', submenu: [aboutItem] },
  ]
}
