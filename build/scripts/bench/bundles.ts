import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { freshBundles } from '../electron/bundles.ts'
import { root } from '../tools.ts'
import type { Section } from './results.ts'
import { formatTable, type Row } from './table.ts'

const titles = { gateway: 'files', other: 'size, gzip', ratio: '' }
const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`

interface Size {
  readonly path: string
  readonly bytes: number
  readonly packed: number
}

/** What a person loads: facts of the build, the same on every machine. */
export async function benchBundles(): Promise<Section> {
  const out = await freshBundles('pinned')
  const sizes = await Promise.all((await filesOf(out)).map((it) => sizeOf(out, it)))
  const first = new Set(await firstFiles(join(out, 'renderer')))
  const inRenderer = (ending: string) =>
    sizes.filter((it) => it.path.startsWith('renderer/') && it.path.endsWith(ending))
  const isFirst = ({ path }: Size) => first.has(basename(path))
  const scripts = inRenderer('.js').filter((it) => it.path.includes('/assets/'))
  const styles = inRenderer('.css')
  const started = new Set(await startedByMain(join(out, 'main')))
  const main = sizes.filter((it) => it.path.startsWith('main/'))
  const isStarted = ({ path }: Size) => started.has(basename(path))
  const lazy = scripts.filter((it) => !isFirst(it)).sort((a, b) => b.packed - a.packed)
  const modules = String((await closureOf(join(root, 'main'), ['index.ts'])).length)
  const rows = [
    row('renderer: first scripts', scripts.filter(isFirst), '≤ 350 KB gzip'),
    row('renderer: first styles', styles.filter(isFirst)),
    row('renderer: scripts for later', lazy),
    row(
      'renderer: styles for later',
      styles.filter((it) => !isFirst(it)),
    ),
    row('main: before it is ready', main.filter(isStarted)),
    {
      ...row('main: modules of it before they are bundled', [], '≤ 120'),
      gateway: modules,
      other: '',
    },
    row(
      'main: later',
      main.filter((it) => !isStarted(it)),
    ),
    row(
      'preload',
      sizes.filter((it) => it.path.startsWith('preload/')),
    ),
    ...lazy.slice(0, 6).map((it) => row(`largest for later: ${nameOf(it)}`, [it])),
  ]
  return { title: 'Bundles', text: formatTable(rows, titles) }
}

const nameOf = ({ path }: Size) => basename(path).replace(/-[\w-]{8}\.js$/, '')

function row(what: string, files: readonly Size[], goal = ''): Row {
  const sum = (of: (size: Size) => number) => kilobytes(files.reduce((all, it) => all + of(it), 0))
  const other = `${sum((it) => it.bytes)}, ${sum((it) => it.packed)}`
  return { what, gateway: String(files.length), other, ratio: '', goal }
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  const files = await Promise.all(
    names.map(async (it) => ((await stat(join(folder, it))).isFile() ? [it] : [])),
  )
  return files.flat()
}

async function sizeOf(folder: string, path: string): Promise<Size> {
  const bytes = await readFile(join(folder, path))
  return { path, bytes: bytes.length, packed: (await promisify(gzip)(bytes)).length }
}

/** What the page names, and what that imports at once. */
async function firstFiles(folder: string): Promise<string[]> {
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  const named = [...page.matchAll(/(?:src|href)="\.\/assets\/([^"]+)"/g)].map(([, it = '']) => it)
  return closureOf(join(folder, 'assets'), named)
}

/** The entry of main and the chunks that it loads before its first line runs. */
const startedByMain = (folder: string) => closureOf(folder, ['index.js'])

async function closureOf(folder: string, names: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  const queue = names.map((it) => join(folder, it))
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue
    found.add(path)
    if (!/\.[jt]s$/.test(path)) continue
    const text = await readFile(path, 'utf8')
    const isBundle = path.endsWith('.js')
    for (const [, name = ''] of text.matchAll(isBundle ? inBundles : inSource))
      queue.push(join(path, '..', name))
  }
  return [...found].map((it) => basename(it))
}

/** `import … from "./a.js"` and `import "./a.js"`, but no `import("./a.js")`. */
const inBundles = /\b(?:import|from)\s*["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g
/** The same in our own words; types alone load nothing. */
const inSource = /^(?:import|export)\s(?!type\b)[^'"]*?'(\.{1,2}\/[^']+\.ts)'/gm
