// Tests that guard the house itself: what lies where, how long a file may grow, what the lock holds.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** The working tree as git sees it, so that what is ignored does not count. */
const files = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)))

/** What lies directly in a folder; folders end in a slash. */
function entriesOf(folder: string): string[] {
  const inside = files
    .filter((file) => file.startsWith(folder))
    .map((file) => file.slice(folder.length))
  const names = inside.map((file) => (file.includes('/') ? `${file.split('/')[0]}/` : file))
  return [...new Set(names)].toSorted()
}

const folders = ['build/', 'main/', 'preload/', 'renderer/', 'server/', 'test/']
const papers = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'package-lock.json']

test('the top level holds the six folders, three files and the papers, and nothing else', () => {
  const visible = entriesOf('').filter((name) => !name.startsWith('.'))
  const wanted = [...folders, ...papers, 'README.md', 'electron.vite.config.ts', 'package.json']
  expect(visible).toEqual(wanted.toSorted())
})

interface TreeLine {
  readonly depth: number
  readonly names: readonly string[]
}

/** The fenced block of the README that draws the tree: names first, then what they are for. */
function readTree(): TreeLine[] {
  const blocks = [...read('README.md').matchAll(/^```\w*\n(.*?)^```/gms)].map(
    (match) => match[1] ?? '',
  )
  const tree = blocks.find((block) => /^package\.json\b/m.test(block))
  if (tree === undefined) throw new Error('README.md draws no tree that names package.json')
  return tree
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const words = line.trim().split(/\s+/)
      const end = words.findIndex((word) => !/^[\w.@-]+(\/|\.\w+)$/.test(word))
      return {
        depth: line.search(/\S/) / 2,
        names: end === -1 ? words : words.slice(0, end),
      }
    })
    .filter((line) => line.names.length > 0)
}

/** Everything the tree names, as paths: a line's parent is the last line that stood further left. */
function treePaths(): string[] {
  const parents: string[] = []
  return readTree().flatMap(({ depth, names }) => {
    const parent = parents.slice(0, depth).join('')
    parents.length = Math.min(parents.length, depth)
    parents[depth] = names.at(-1) ?? ''
    return names.map((name) => parent + name)
  })
}

test('the README draws the top level that is on the disk', () => {
  const drawn = treePaths().filter((path) => /^[^/]+\/?$/.test(path) && !papers.includes(path))
  const onDisk = entriesOf('').filter((name) => !name.startsWith('.') && !papers.includes(name))
  expect(drawn.filter((path) => !path.startsWith('.')).toSorted()).toEqual(onDisk)
})

test('the README draws every folder of the second level, and nothing that is not there', () => {
  const drawn = treePaths()
  const secondLevel = folders.flatMap((folder) =>
    entriesOf(folder)
      .filter((name) => name.endsWith('/'))
      .map((name) => folder + name),
  )
  expect(drawn.filter((path) => !existsSync(join(root, path)))).toEqual([])
  expect(secondLevel.filter((path) => !drawn.includes(path))).toEqual([])
})

test('no source file is longer than 400 lines', () => {
  const sources = files.filter((file) =>
    /^(build|main|preload|renderer|server)\/.*\.(ts|tsx|mjs|cjs|css|html)$/.test(file),
  )
  const lengths = sources.map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
  expect(sources.length).toBeGreaterThan(0)
  expect(lengths.filter(({ lines }) => lines > 400)).toEqual([])
})

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly overrides?: Readonly<Record<string, string>>
}
interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
}

const versionsOf = (manifest: Manifest) => ({
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
})
const lock = JSON.parse(read('package-lock.json')) as {
  readonly packages: Readonly<Record<string, Locked>>
}

test('package.json names exact versions, and the lock holds the same', () => {
  const manifest = JSON.parse(read('package.json')) as Manifest
  const wanted = { ...versionsOf(manifest), ...manifest.overrides }
  const loose = Object.entries(wanted).filter(
    ([, version]) => !/^(npm:@?[\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  )
  expect(loose).toEqual([])
  expect(versionsOf(lock.packages[''] as Manifest)).toEqual(versionsOf(manifest))
})

test('every locked package has a checksum and names no address', () => {
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
  // Without an address, whatever registry a machine is set to serves it, held to the checksum.
  const foreign = packages.filter(([, { resolved }]) => resolved !== undefined)
  const unchecked = packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
  expect(packages.length).toBeGreaterThan(100)
  expect(foreign).toEqual([])
  expect(unchecked).toEqual([])
})
