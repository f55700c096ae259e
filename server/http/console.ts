import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Express, Request, RequestHandler, Response } from 'express'
import { pageHeaders } from '../contract/page-headers.ts'

/** The types of what a build of the renderer holds; anything else is not served. */
const types: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['ico', 'image/x-icon'],
  ['woff2', 'font/woff2'],
])

interface Served {
  readonly type: string
  readonly bytes: Buffer
  readonly packed: Map<Encoding, Promise<Buffer>>
}

type Encoding = 'br' | 'gzip'

/** The web console, as `npm run build` left it: every file by its path, in memory. */
export interface ConsoleFiles {
  get(path: string): Served | undefined
}

/**
 * Reads a build once. Only paths that were found then are ever answered, so that no request can name
 * anything else on the disk; undefined when there is no build.
 */
export function readConsole(folder: string): ConsoleFiles | undefined {
  const files = new Map<string, Served>()
  for (const path of listFiles(folder)) {
    const type = types.get(path.slice(path.lastIndexOf('.') + 1))
    if (type === undefined) continue
    files.set(`/${path}`, { type, bytes: readFileSync(join(folder, path)), packed: new Map() })
  }
  return files.has('/index.html') ? files : undefined
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((it) => it.isFile())
      .map((it) =>
        join(it.parentPath, it.name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Serves the web console’s page at `/` and its files beside it and below `/assets`. Nothing here is secret. */
export function serveConsole(app: Express, files: ConsoleFiles): void {
  const serve: RequestHandler = async (req, res, next) => {
    const file = files.get(req.path === '/' ? '/index.html' : req.path)
    if (!file || (req.method !== 'GET' && req.method !== 'HEAD')) {
      next()
      return
    }
    res.set(pageHeaders)
    // A hashed name means the same for ever; the page that names them must be asked for each time.
    if (req.path.startsWith('/assets/'))
      res.set('cache-control', 'public, max-age=31536000, immutable')
    res.type(file.type)
    await answer(req, res, file)
  }
  app.get(/^\/(?:[\w-]+\.[a-z]+|assets\/.*)?$/, serve)
}

async function answer(req: Request, res: Response, file: Served): Promise<void> {
  res.vary('accept-encoding')
  const encoding = req.acceptsEncodings('br', 'gzip', 'identity')
  if ((encoding === 'br' || encoding === 'gzip') && file.bytes.length > 1024) {
    res.set('content-encoding', encoding)
    res.send(await pack(file, encoding))
  } else res.send(file.bytes)
}

/** Packed at the first request and kept. */
function pack(file: Served, encoding: Encoding): Promise<Buffer> {
  const known = file.packed.get(encoding)
  if (known) return known
  const packing =
    encoding === 'gzip'
      ? promisify(gzip)(file.bytes, { level: 9 })
      : promisify(brotliCompress)(file.bytes, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 9 },
        })
  file.packed.set(encoding, packing)
  return packing
}
