import type { ConsoleAudience } from '../access/index.ts'
import type { Config } from '../config.ts'
import { checkHost, checkOrigin, type Refused } from '../proxy/index.ts'

export interface SurfaceCookie {
  readonly name: string
  readonly secure: boolean
  /** What the token in it is for: never for the other listener. */
  readonly audience: ConsoleAudience
}

/** The names by which a listener is known, and how its cookies are called. */
export interface Surface {
  readonly kind: 'public' | 'local'
  readonly hosts: ReadonlySet<string>
  readonly origins: ReadonlySet<string>
  readonly cookie: SurfaceCookie
}

export const cookieNames: ReadonlySet<string> = new Set(['__Host-gatehouse', 'gatehouse-local'])

/** The TLS listener: everything is served here, and only under the configured names. */
export function publicSurface({ publicUrl, hosts }: Pick<Config, 'publicUrl' | 'hosts'>): Surface {
  const { host, origin } = new URL(publicUrl)
  const known = [host, ...hosts]
  return {
    kind: 'public',
    hosts: new Set(known.map((it) => it.toLowerCase())),
    origins: new Set([origin, ...hosts.map((it) => `https://${it}`)]),
    cookie: { name: '__Host-gatehouse', secure: true, audience: 'gatehouse-console' },
  }
}

/** The loopback listener: for a browser on this machine, never for cluster calls. */
export function localSurface(port: number): Surface {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  return {
    kind: 'local',
    hosts: new Set(hosts),
    origins: new Set(hosts.map((it) => `http://${it}`)),
    cookie: { name: 'gatehouse-local', secure: false, audience: 'gatehouse-local' },
  }
}

/** Refuses requests that came under a foreign name or from a foreign page. There is no CORS at all. */
export function checkEdge(surface: Surface, rawHeaders: readonly string[]): Refused | undefined {
  return checkHost(rawHeaders, surface.hosts) ?? checkOrigin(rawHeaders, surface.origins)
}
