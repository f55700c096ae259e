import { app, BrowserWindow, dialog, shell } from 'electron'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyChange } from '../gateway/trust.ts'

let isAsking = false

/** Asks in a native dialog, which no page can answer; the safe answer is the one Enter gives. */
async function ask(message: string, detail: string, yes: string): Promise<boolean> {
  // A page could pile them up until somebody clicks anything; meanwhile the answer is no.
  if (isAsking) return false
  isAsking = true
  try {
    return await show(message, detail, yes)
  } finally {
    isAsking = false
  }
}

async function show(message: string, detail: string, yes: string): Promise<boolean> {
  const options = {
    type: 'question' as const,
    message,
    detail,
    buttons: ['Cancel', yes],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  }
  const [parent] = BrowserWindow.getAllWindows()
  const { response } = parent
    ? await dialog.showMessageBox(parent, options)
    : await dialog.showMessageBox(options)
  return response === 1
}

export const confirmLink = (host: string, url: string) =>
  ask(`Open ${host} in your browser?`, `${url}\n\nThis address is not the gateway’s.`, 'Open')

export const confirmLocalTerminal = () =>
  ask(
    'Open a shell on this machine?',
    'What is typed in it runs here, as you. You are asked once until Gatehouse ends.',
    'Open a shell',
  )

export const confirmKey = ({ address, before, now }: KeyChange) =>
  ask(
    `Trust another key for ${address}?`,
    `Known key:\n${before}\n\nNew key:\n${now}\n\nGo on only if your administrator has told you the new fingerprint.`,
    'Trust the new key',
  )

export const confirmForget = (address: string) =>
  ask(
    `Forget ${address}?`,
    'Its session ends and its key is forgotten: it will have to be compared again.',
    'Forget it',
  )

export const confirmStayInTray = () =>
  ask(
    'Keep the port forwards open?',
    'Gatehouse can stay in the tray without a window. Otherwise it quits and they end.',
    'Keep them open',
  )

export const confirmReload = () =>
  ask('The window does not answer', 'It can be loaded again, or you can wait.', 'Load again')

/** Judged before, by app/external.ts. */
export const openLink = (url: string) => shell.openExternal(url)

export async function chooseFile(name: string): Promise<string | undefined> {
  const options = { defaultPath: join(app.getPath('downloads'), name) }
  const [parent] = BrowserWindow.getAllWindows()
  const { canceled, filePath } = parent
    ? await dialog.showSaveDialog(parent, options)
    : await dialog.showSaveDialog(options)
  return canceled || !filePath ? undefined : filePath
}

export const writeChosen = (path: string, text: string) => writeFile(path, text, { mode: 0o600 })

export async function showAbout(lines: readonly string[]): Promise<void> {
  await dialog.showMessageBox({ type: 'info', message: 'Gatehouse', detail: lines.join('\n') })
}

export const showFailure = (message: string) => {
  dialog.showErrorBox('Gatehouse', message)
}
