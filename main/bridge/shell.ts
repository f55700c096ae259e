import { AppError } from '#gateway/errors.ts'
import type { Client } from '#gateway/operation.ts'
import type { shell } from '#bridge/shell.ts'
import { judgeExternal } from '../app/external.ts'
import type { Theme } from '../app/window-state.ts'

/** The borders to the rest of the machine; each is guarded by a person. */
export interface Borders {
  gatewayAddress(): string | undefined
  /** A native dialog, so that a page cannot answer it. */
  confirmLink(host: string, url: string): Promise<boolean>
  openLink(url: string): Promise<void>
  /** Asks where to; undefined when nothing was chosen. */
  chooseFile(name: string): Promise<string | undefined>
  writeFile(path: string, text: string): Promise<void>
  setTheme(theme: Theme): void
  about(): { version: string; electron: string; platform: string; marks: Record<string, number> }
}

export const shellCalls = (borders: Borders): Client<{ shell: typeof shell }>['shell'] => ({
  async openExternal({ url }) {
    const verdict = judgeExternal(url, borders.gatewayAddress())
    if (verdict.status === 'refuse') throw new AppError('invalid_input', verdict.reason)
    if (verdict.status === 'ask' && !(await borders.confirmLink(verdict.host, verdict.url)))
      return { opened: false }
    await borders.openLink(verdict.url)
    return { opened: true }
  },
  async saveText({ name, text }) {
    const path = await borders.chooseFile(fileNameFrom(name))
    if (path === undefined) return { saved: false }
    await borders.writeFile(path, text)
    return { saved: true }
  },
  async setTheme({ theme }) {
    borders.setTheme(theme)
  },
  about: async () => borders.about(),
})

/** A proposal for the dialog: one name, in no folder, that no system takes for something else. */
export function fileNameFrom(name: string): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .replace(/[\\/:*?"<>|]/g, '-')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 120)
  return plain === '' ? 'gatehouse.txt' : plain
}
