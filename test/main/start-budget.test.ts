import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { freshBundles } from '../../build/scripts/electron/bundles.ts'
import { isTypeOnly } from '../support/posture.ts'
import { electronForTests } from '../support/electron/distribution.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const most = { modules: 120, bytes: 1.5 * 1024 * 1024, preload: 2048 }

/** What a file loads before its first line runs; what it loads later is not counted. */
async function closureOf(entry: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(entry)) return seen
  seen.add(entry)
  if (!/\.[cm]?[jt]s$/.test(entry)) return seen
  const tree = ts.createSourceFile(
    entry,
    await readFile(entry, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  )
  for (const name of tree.statements.flatMap(loadedBy)) {
    const alias = name
      .replace(/^#gateway\//, `${root}server/contract/`)
      .replace(/^#bridge\//, `${root}preload/contract/`)
    const file = alias.startsWith('.') ? join(dirname(entry), alias) : alias
    await closureOf(file, seen)
  }
  return seen
}

function loadedBy(node: ts.Statement): string[] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const from = node.moduleSpecifier
    return from && ts.isStringLiteral(from) && !isTypeOnly(node) ? [from.text] : []
  }
  // CommonJS: a call at the top, in a declaration or on its own.
  return ts.isVariableStatement(node) || ts.isExpressionStatement(node)
    ? [...node.getText().matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)]
        .filter(({ index }) => !isLater(node.getText().slice(0, index)))
        .map(([, name = '']) => name)
    : []
}

/** In bundles a late load is written as a promise that is followed by the call. */
const isLater = (before: string) => /(?:=>\s*|\.then\([^)]*\)?\s*)$/.test(before)

test('what is loaded before the app is ready is small, and none of it is a package', async () => {
  const files = [...(await closureOf(join(root, 'main/index.ts')))]
  const own = files.filter((it) => it.startsWith(root))
  const others = files.filter((it) => !it.startsWith(root) && !it.startsWith('node:'))
  expect(others).toEqual(['electron'])
  expect(own.length).toBeGreaterThan(10)
  expect(files.length).toBeLessThanOrEqual(most.modules)
  expect(own.filter((it) => /services|bridge\/|zod|gateway\//.test(it.slice(root.length)))).toEqual(
    [],
  )
})

test('the bundles keep to it: main’s first part, and a preload of one small file', async () => {
  const { lane } = await electronForTests()
  const out = await freshBundles(lane)
  const ending = lane === 'pinned' ? 'js' : 'cjs'
  const files = [...(await closureOf(join(out, `main/index.${ending}`)))].filter((it) =>
    it.startsWith(out),
  )
  const sizes = await Promise.all(files.map(async (it) => (await stat(it)).size))
  expect(files.filter((it) => it.includes('services'))).toEqual([])
  expect(sizes.reduce((sum, it) => sum + it, 0)).toBeLessThanOrEqual(most.bytes)
  const preload = join(out, 'preload/index.cjs')
  expect((await stat(preload)).size).toBeLessThanOrEqual(most.preload)
  expect([...(await closureOf(preload))].slice(1)).toEqual(['electron'])
})
