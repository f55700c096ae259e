import { isAppUrl } from './origin.ts'

/** What of a window's contents can lead away from the app; Electron's WebContents is one. */
export interface Navigating {
  on(event: 'will-navigate' | 'will-redirect', listener: LeavingListener): unknown
  on(event: 'will-frame-navigate', listener: LeavingListener): unknown
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void
}

interface Preventable {
  preventDefault(): void
}

/** Older Electrons give the address as an argument, newer ones in the event. */
type LeavingListener = (details: Preventable & { readonly url?: string }, url?: string) => void

/** Keeps a window on the app's own pages, opens none beside it and embeds nothing. */
export function guardNavigation(contents: Navigating, told: (url: string) => void): void {
  const stay: LeavingListener = (leaving, given = '') => {
    const { url = given } = leaving
    if (isAppUrl(url)) return
    leaving.preventDefault()
    told(url)
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  contents.setWindowOpenHandler(({ url }) => {
    told(url)
    return { action: 'deny' }
  })
}
