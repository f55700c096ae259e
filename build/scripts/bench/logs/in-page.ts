import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { build } from 'vite'
import { pageHeaders } from '../../../../server/contract/page-headers.ts'
import { say } from '../say.ts'
import { median, time, type Row } from '../table.ts'
import type {} from './flood-page.ts'

const count = 1_000_000
const rounds = 3
const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
/** What Debian installs; elsewhere playwright’s own is taken. */
const system = '/usr/bin/chromium'

const searches = [
  { what: 'a word, whatever its case', text: 'error', pattern: false, hits: 1_000 },
  { what: 'a regular expression', text: 'number: \\d*0000$', pattern: true, hits: 99 },
] as const

/** A million lines in the log pane’s own feed and worker, in a real browser: how fast they are taken and searched. */
export async function benchInPage(): Promise<Row[]> {
  const rates: number[] = []
  const found = searches.map((): number[] => [])
  const site = await openSite()
  const browser = await chromium.launch({
    args: flags,
    ...(existsSync(system) && { executablePath: system }),
  })
  try {
    // The first round only warms up.
    for (let round = 0; round <= rounds; round += 1) {
      const page = await browser.newPage()
      await page.goto(site.address)
      await page.waitForFunction(() => 'flood' in window)
      const rate = await flood(page)
      const times = await searchAll(page)
      await page.close()
      say(`in the page: ${Math.round(rate)} lines a second`)
      if (round === 0) continue
      rates.push(rate)
      for (const [at, took] of times.entries()) found[at]?.push(took)
    }
  } finally {
    await browser.close()
    await site.close()
  }
  const thousands = (rate: number) => Math.round(rate).toLocaleString('en')
  return [
    {
      what: 'in the page: lines a second, a million kept and none lost',
      gateway: thousands(median(rates)),
      other: '',
      ratio: `${thousands(Math.min(...rates))}–${thousands(Math.max(...rates))}`,
      goal: '100,000',
    },
    ...searches.map(({ what }, at) => ({
      what: `in the page: ${what}, in a million lines`,
      gateway: time(median(found[at] ?? [])),
      other: '',
      ratio: '',
      goal: '',
    })),
  ]
}

async function flood(page: Page): Promise<number> {
  const { took, kept, dropped } = await page.evaluate((it) => window.flood(it), count)
  if (kept !== count || dropped !== 0) throw new Error(`only ${kept} of ${count} lines are kept`)
  const stretches = await page.evaluate(() => window.kept())
  const [whole, ...others] = stretches
  if (whole?.[0] !== 0 || whole[1] !== count - 1 || others.length > 0)
    throw new Error(`lines are missing: ${JSON.stringify(stretches.slice(0, 5))}`)
  return count / (took / 1000)
}

async function searchAll(page: Page): Promise<number[]> {
  const times: number[] = []
  for (const { text, pattern, hits } of searches) {
    const answer = await page.evaluate(([it, isPattern]) => window.search(it, isPattern), [
      text,
      pattern,
    ] as const)
    if (answer.hits !== hits) throw new Error(`${text}: ${answer.hits} hits instead of ${hits}`)
    times.push(answer.took)
  }
  return times
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }

/** The page, built as the product is and served under its policy. */
async function openSite(): Promise<{ readonly address: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-page-'))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      target: 'chrome108',
      lib: { entry: join(import.meta.dirname, 'flood-page.ts'), formats: ['es'], fileName: 'page' },
    },
  })
  const html = '<!doctype html><body><script type="module" src="/page.js"></script>'
  await writeFile(join(folder, 'index.html'), html)
  const server = createServer(({ url = '/' }, response) => {
    const name = url === '/' ? 'index.html' : url.slice(1)
    readFile(join(folder, name)).then(
      (bytes) => {
        const type = types[extname(name)] ?? 'text/plain'
        response.writeHead(200, { ...pageHeaders, 'content-type': type }).end(bytes)
      },
      () => response.writeHead(404).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
