import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { build } from 'vite'
import { pageHeaders } from '#gateway/page-headers.ts'
import { launchBrowser } from './browser.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}
const html =
  '<!doctype html><link rel="stylesheet" href="/page.css"><body><script type="module" src="/page.js"></script>'

export interface BuiltPage {
  readonly page: Page
  /** What the browser said was wrong. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** A part of the renderer alone, built as the product is, in a browser under the product’s own policy. */
export async function openBuiltPage(
  entry: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-page-'))
  await build({
    configFile: false,
    logLevel: 'error',
    // As the product is built, though this runs in a test.
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: {
      outDir: folder,
      target: 'chrome108',
      lib: { entry, formats: ['es'], fileName: 'page', cssFileName: 'page' },
    },
  })
  await writeFile(join(folder, 'index.html'), html)
  const server = createServer((request, response) => {
    const name = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1)
    readFile(join(folder, name)).then(
      (bytes) => {
        const type = types[extname(name)] ?? 'text/plain'
        response.writeHead(200, { ...pageHeaders, 'content-type': type }).end(bytes)
      },
      () => response.writeHead(204).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const browser = await launchBrowser()
  const page = await browser.newPage({ viewport })
  const complaints: string[] = []
  page.on('console', (it) => void (it.type() === 'error' && complaints.push(it.text())))
  page.on('pageerror', (it) => void complaints.push(it.message))
  await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`)
  return {
    page,
    complaints,
    close: async () => {
      await browser.close()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
