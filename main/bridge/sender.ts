import { isAppUrl } from '../app/origin.ts'

export interface Frame {
  readonly url: string
}

/** The page of one window; Electron's WebContents is one. */
export interface Contents {
  readonly id: number
  readonly mainFrame: Frame
  isDestroyed(): boolean
}

/** Who sent a message; Electron's event is one. */
export interface Asking {
  readonly sender: Contents
  readonly senderFrame: Frame | null
}

/**
 * Whether a message is from our own page: the main frame of a window that we made, showing the app. Must be
 * asked at once, for a frame that has gone or moved on by the next turn has no sender any more.
 */
export function isOurs(
  { sender, senderFrame }: Asking,
  isWindow: (id: number) => boolean,
): boolean {
  if (senderFrame === null || sender.isDestroyed() || !isWindow(sender.id)) return false
  return senderFrame === sender.mainFrame && isAppUrl(senderFrame.url)
}
