import { readFile, realpath } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { pageHeaders } from '#gateway/page-headers.ts'
import { isAppUrl, parseUrl } from './origin.ts'

/** What the interface consists of; anything else is not served, whatever lies in its folder. */
const types: Readonly<Record<string, string | undefined>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

export type Served =
  | { readonly status: 200; readonly headers: Record<string, string>; readonly body: Buffer }
  | { readonly status: 404 | 405; readonly headers: Record<string, string> }

/**
 * Reads a file of the interface for a request to `app://gatehouse/`, for Electrons that cannot serve a folder
 * by themselves. A path is resolved through all links before it is compared with the folder.
 */
export async function serveFile(root: string, method: string, url: string): Promise<Served> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { ...pageHeaders } }
  const path = pathOf(url)
  const type = path === undefined ? undefined : types[extname(path)]
  const file = path === undefined || type === undefined ? undefined : await inside(root, path)
  if (file === undefined || type === undefined) return { status: 404, headers: { ...pageHeaders } }
  const headers = { ...pageHeaders, 'Content-Type': type }
  return { status: 200, headers, body: method === 'HEAD' ? Buffer.alloc(0) : await readFile(file) }
}

/** The path below the folder; undefined for whatever could mean another place on some system. */
function pathOf(text: string): string | undefined {
  if (!isAppUrl(text)) return undefined
  const raw = parseUrl(text)?.pathname ?? ''
  // A separator that was hidden by an escape, a drive, a stream of NTFS, a zero.
  if (/%(?:2f|5c|00|25)|[\\:\0]/i.test(raw)) return undefined
  try {
    const path = decodeURIComponent(raw)
    return path.endsWith('/') ? `${path}index.html` : path
  } catch {
    return undefined
  }
}

async function inside(root: string, path: string): Promise<string | undefined> {
  try {
    const top = await realpath(resolve(root))
    const file = await realpath(join(top, path))
    return file.startsWith(top + sep) ? file : undefined
  } catch {
    return undefined
  }
}
