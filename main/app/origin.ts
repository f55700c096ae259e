/** Where the app's own pages live; nothing else is ever shown in a window. */
export const appOrigin = 'app://gatehouse'
export const appScheme = 'app'
export const appHost = 'gatehouse'

/** Reads an address the way Chromium would, or not at all. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** Compared part by part: a prefix of the text would also fit `app://gatehouse.evil`. */
export function isAppUrl(text: string): boolean {
  const url = parseUrl(text)
  return (
    url !== undefined &&
    url.protocol === `${appScheme}:` &&
    url.host === appHost &&
    url.username === '' &&
    url.password === ''
  )
}
