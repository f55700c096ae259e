import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Express } from 'express'

/** Installers as `npm run package` and other machines make them. */
const installer = /^[A-Za-z0-9][A-Za-z0-9._-]*\.(?:deb|rpm|AppImage|dmg|exe|zip)$/

/**
 * A page with the installers that lie in a folder, for those who need what only the app can do. Files are found
 * by the name that was listed, so that a request can name no other.
 */
export function serveDownloads(app: Express, folder: string): void {
  app.get('/download', (_req, res) => void res.type('html').send(page(list(folder))))
  app.get('/download/:name', (req, res, next) => {
    const name = list(folder).find((it) => it === req.params.name)
    if (name === undefined) next()
    else res.download(join(folder, name), name, { dotfiles: 'deny' })
  })
}

/** Read each time: an installer may be put there while the gateway runs. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((it) => it.isFile() && installer.test(it.name))
      .map((it) => it.name)
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

const page = (names: readonly string[]) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The desktop app – Gatehouse</title>
<link rel="stylesheet" href="/landing.css">
</head>
<body>
<main>
<header>
<h1>The desktop app</h1>
<p>Local terminals with your own kubectl, port-forwards, a tray, and sessions sealed by your keyring.</p>
</header>
<section aria-labelledby="files">
<h2 id="files">Installers</h2>
${names.length > 0 ? `<ul>${names.map((it) => `<li><a href="/download/${it}" download>${it}</a></li>`).join('')}</ul>` : '<p>This gateway offers none yet. Its administrator makes them with <code>npm run package</code>, or puts those of other systems into the folder that <code>downloadFolder</code> names.</p>'}
<p>At first sight the app shows the fingerprint of this gateway’s key: compare it with what your
administrator tells you.</p>
</section>
<nav aria-label="Elsewhere">
<a href="/"><strong>Web console</strong><span>The same in this browser</span></a>
</nav>
</main>
</body>
</html>
`
