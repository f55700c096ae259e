import { protocol } from 'electron'
import { pageHeaders } from '#gateway/page-headers.ts'
import { appHost, appScheme } from '../app/origin.ts'

/** Must run before `ready`, once. No bypass of the CSP, no service workers, no reading from other origins. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ])
}

/**
 * Serves the built interface at `app://gatehouse/`. Electron 44 and later read the folder without asking main,
 * so the page loads while main still works.
 */
export function serveScheme(root: string): void {
  if ('registerSource' in protocol && typeof protocol.registerSource === 'function') {
    const headers = { ...pageHeaders }
    const source = { type: 'directory', root, index: 'index.html', headers }
    protocol.registerSource(appScheme, { routes: [{ match: { host: appHost }, source }] })
    return
  }
  protocol.handle(appScheme, async ({ method, url }) => {
    const { serveFile } = await import('../app/served-files.ts')
    const served = await serveFile(root, method, url)
    const body = served.status === 200 ? new Uint8Array(served.body) : null
    return new Response(body, { status: served.status, headers: served.headers })
  })
}
