import { appOrigin, isAppUrl } from './origin.ts'

export interface PermissionQuestion {
  readonly permission: string
  /** As Chromium gives it: `app://gatehouse/` or a page's address; empty when it knows none. */
  readonly origin: string
  readonly mainFrame: boolean
}

/** For copying. A paste brings its own text and needs no permission to read whatever was copied elsewhere. */
const granted: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/** Denied unless it is on the list, and for our own page: names that do not exist yet are denied too. */
export const mayUse = ({ permission, origin, mainFrame }: PermissionQuestion): boolean =>
  mainFrame && granted.has(permission) && (origin === appOrigin || isAppUrl(origin))

/** The part of a session that hands out permissions; Electron's Session is one. */
export interface PermissionSource {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      callback: (granted: boolean) => void,
      details: RequestDetails,
    ) => void,
  ): void
  setPermissionCheckHandler(
    handler: (
      contents: unknown,
      permission: string,
      origin: string,
      details: RequestDetails,
    ) => boolean,
  ): void
  setDevicePermissionHandler(handler: () => boolean): void
  setDisplayMediaRequestHandler(
    handler: (request: unknown, callback: (streams: null) => void) => void,
  ): void
}

interface RequestDetails {
  readonly isMainFrame: boolean
  readonly requestingUrl?: string
}

/** Answers at once and the same way each time: a callback kept for later is how use-after-free began. */
export function denyPermissions(session: PermissionSource): void {
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    const origin = details.requestingUrl ?? ''
    callback(contents !== null && mayUse({ permission, origin, mainFrame: details.isMainFrame }))
  })
  session.setPermissionCheckHandler(
    (contents, permission, origin, details) =>
      contents !== null && mayUse({ permission, origin, mainFrame: details.isMainFrame }),
  )
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, callback) => {
    callback(null)
  })
}
