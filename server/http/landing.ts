import { readFileSync } from 'node:fs'
import type { Express } from 'express'

interface Landing {
  readonly version: string
  /** What people type to sign in; the loopback listener shows it too. */
  readonly publicUrl: string
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

function render({ version, publicUrl }: Landing): string {
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
<pre tabindex="0"><code>gatehouse login ${address}
gatehouse kubeconfig --write ~/.kube/gatehouse
kubectl --kubeconfig ~/.kube/gatehouse config get-contexts</code></pre>
<p>Your administrator gives you a name, a first password and a grant. The same is done in the
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

const escape = (text: string) => text.replace(/[&<>"']/g, (it) => `&#${String(it.charCodeAt(0))};`)
