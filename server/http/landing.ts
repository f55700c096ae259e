import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { Express } from 'express'
import type { Config } from '../config.ts'

interface Landing {
  readonly version: string
  /** What people type to sign in; the loopback listener shows it too. */
  readonly config: Pick<Config, 'publicUrl' | 'caPem'> & {
    readonly listen: Pick<Config['listen'], 'certificatePem'>
  }
}

/**
 * What this is and how one signs in from a terminal; at the bare address too where no console was built. No
 * script, nothing secret.
 */
export function serveLanding(app: Express, landing: Landing): void {
  const page = render(landing)
  const read = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
  // Both pages wear the same colours, in both schemes.
  const styleOf = (name: string) => `${read('palette.css')}\n${read(name)}`
  const [style, referenceStyle] = [styleOf('landing.css'), styleOf('reference.css')]
  app.get(['/', '/about'], (_req, res) => void res.type('html').send(page))
  app.get('/landing.css', (_req, res) => void res.type('css').send(style))
  app.get('/reference.css', (_req, res) => void res.type('css').send(referenceStyle))
}

function render({ version, config }: Landing): string {
  const { publicUrl } = config
  const authority = authorityOf(config)
  const address = escape(new URL(publicUrl).origin)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Gatehouse</title>
<link rel="stylesheet" href="/landing.css">
</head>
<body>
<main>
<header>
<h1>Gatehouse</h1>
<p>Team access to Kubernetes without handing out keys.</p>
</header>
<section aria-labelledby="what">
<h2 id="what">What this is</h2>
<p>A gateway in front of Kubernetes clusters. It holds their credentials sealed and lets each
person do what they were granted, through the kubectl they have. Every attempt is recorded.</p>
</section>
<section aria-labelledby="sign-in">
<h2 id="sign-in">Sign in from a terminal</h2>
<pre tabindex="0"><code>${authority === undefined ? `gatehouse login ${address}` : withAuthority(address, authority)}
gatehouse kubeconfig --write ~/.kube/gatehouse
kubectl --kubeconfig ~/.kube/gatehouse config get-contexts</code></pre>
${authority === undefined ? '' : aboutAuthority(authority)}<p>Your administrator gives you a name, a first password and a grant. The same is done in the
<a href="/">web console</a>, where this gateway has one built, and in the <a href="/download">desktop app</a>.</p>
</section>
<nav aria-label="For programs">
<a href="/api/"><strong>API reference</strong><span>Every operation, its fields and who may call it</span></a>
<a href="/api/openapi.json"><strong>OpenAPI 3.1</strong><span>The same for generators and tools</span></a>
</nav>
<footer>Gatehouse ${escape(version)} at ${address}</footer>
</main>
</body>
</html>
`
}

/**
 * What the machines of people do not trust by themselves: the authority that was configured, else a certificate
 * that vouches for itself under the public name. Behind a proxy of another name it is not what people are shown.
 */
function authorityOf({ publicUrl, caPem, listen }: Landing['config']): X509Certificate | undefined {
  if (caPem !== undefined) return certificateIn(caPem)
  const own = certificateIn(listen.certificatePem)
  const { hostname } = new URL(publicUrl)
  const host = hostname.replace(/^\[|\]$/g, '')
  const isNamed = isIP(host) ? own?.checkIP(host) : own?.checkHost(host)
  return isNamed !== undefined && own?.verify(own.publicKey) === true ? own : undefined
}

/** The first one and nothing else of the text: whatever stands beside it is not for this page. */
function certificateIn(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** Pasted as a whole it works without a file that somebody would have to fetch first. */
const withAuthority = (address: string, authority: X509Certificate) =>
  `${escape(`cat > gatehouse-ca.pem <<'END'\n${authority.toString().trimEnd()}\nEND`)}
gatehouse login ${address} --ca gatehouse-ca.pem`

const aboutAuthority = ({
  fingerprint256,
}: X509Certificate) => `<p>The certificate above is the authority of
this gateway. Its SHA-256 fingerprint is <code>${fingerprint256}</code>: compare it with what your administrator
tells you before you sign in, because this page came from the gateway itself.</p>
`

const escape = (text: string) => text.replace(/[&<>"']/g, (it) => `&#${String(it.charCodeAt(0))};`)
