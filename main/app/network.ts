/** Everything that leaves the machine is main's business: a page that is tricked can reach nobody. */
export const closedToPages = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file:///*']

/** The part of a session that sees requests; Electron's Session is one. */
export interface RequestSource {
  readonly webRequest: {
    onBeforeRequest(
      filter: { urls: string[] },
      listener: (
        details: { readonly url: string },
        callback: (answer: { cancel: boolean }) => void,
      ) => void,
    ): void
  }
  on(
    event: 'will-download',
    listener: (event: { preventDefault(): void }, item: { getURL(): string }) => void,
  ): unknown
}

/** A second wall behind the content security policy, which says the same. */
export function closeNetwork(session: RequestSource, strayed: (url: string) => void): void {
  session.webRequest.onBeforeRequest({ urls: [...closedToPages] }, ({ url }, callback) => {
    callback({ cancel: true })
    strayed(url)
  })
  // A file is saved through the bridge only, which asks where to and how often.
  session.on('will-download', (event, item) => {
    event.preventDefault()
    strayed(item.getURL())
  })
}
