import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { advisories } from './advisories.ts'

/** What went wrong in systems like this one, as far as it was published: the list to be complete against. */
const known = [
  'CVE-2018-1002105',
  'CVE-2020-8559',
  'CVE-2018-1002102',
  'CVE-2022-3172',
  'CVE-2020-8561',
  'CVE-2020-8562',
  'CVE-2022-3294',
  'CVE-2019-11247',
  'CVE-2022-1996',
  'CVE-2023-44487',
  'CVE-2023-39325',
  'kubernetes#78741',
  'kubernetes#134577',
  'nodes/proxy GET RCE (2026)',
  'CVE-2021-31999',
  'CVE-2021-36776',
  'CVE-2026-44945',
  'CVE-2025-54468',
  'CVE-2026-88811',
  'CVE-2019-14435',
  'CVE-2021-25320',
  'GHSA-c45c-39f6-6gw9',
  'GHSA-9ghh-mmcq-8phc',
  'CVE-2026-17107',
  'CVE-2026-61682',
  'GHSA-r5c2-7hp9-v678',
  'GHSA-4xh5-jcj2-ch8q',
  'kube-oidc-proxy Impersonate-Uid',
  'kube-oidc-proxy#17',
  'system:masters from OIDC claims',
  'CVE-2025-49825',
  'Teleport PR#33539',
  'Teleport 17.7.26',
  'GHSA-rp4v-hhm6-rcv9',
  'CVE-2025-14269',
  'GitLab KAS CSRF (H1 2286823)',
  'GitLab KAS NEL injection',
  'CVE-2025-0475',
  'GitLab KAS X-Accel-Redirect',
  'CVE-2026-29057',
  'GHSA-ggv3-7p47-pfv8',
  'CVE-2026-107318',
  'CVE-2026-16158',
  'CVE-2026-16117',
  'CVE-2026-120213',
  'CVE-2026-15631',
  'CVE-2021-21321',
  'CVE-2021-21322',
  'GHSA-79qm-7rj5-m7r9',
  'undici Pool slot leak',
]

test('every known advisory has exactly one entry', () => {
  const listed = advisories.flatMap((it) => it.ids)
  expect(listed.toSorted()).toEqual(known.toSorted())
})

test('every entry names a test that exists, or why there is nothing to test', () => {
  const missing = advisories.flatMap((it) =>
    'tests' in it ? it.tests.filter((name) => !exists(name)) : [],
  )
  expect(missing).toEqual([])
  for (const it of advisories) if ('tests' in it) expect(it.tests, it.ids[0]).not.toEqual([])
})

test('a title that no file has is found to be missing', () => {
  expect(exists('targets: no such title')).toBe(false)
  expect(
    exists('no-such-file: what is decided on is what the cluster receives, escape for escape'),
  ).toBe(false)
  expect(exists('targets: is recorded as Go would and forwarded as it came: %s is a %s')).toBe(
    false,
  )
})

const titles = new Map<string, ReadonlySet<string>>()

function exists(name: string): boolean {
  const [file = '', ...title] = name.split(': ')
  const known = titles.get(file) ?? titlesOf(file)
  titles.set(file, known)
  return known.has(title.join(': '))
}

/** Every title in a test file, with those of the groups around it, as the syntax tree has them. */
function titlesOf(file: string): ReadonlySet<string> {
  const path = fileURLToPath(new URL(`${file}.test.ts`, import.meta.url))
  const found = new Set<string>()
  if (!existsSync(path)) return found
  const text = readFileSync(path, 'utf8')
  const visit = (node: ts.Node, groups: readonly string[]) => {
    const call = ts.isCallExpression(node) ? readCall(node) : undefined
    const inside = call?.kind === 'describe' ? [...groups, call.title] : groups
    if (call?.kind === 'test') found.add([...groups, call.title].join(' > '))
    ts.forEachChild(node, (child) => visit(child, inside))
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest), [])
  return found
}

/** `test('title', …)` and `test.each(…)('title', …)`; a skipped one is none. */
function readCall({ expression, arguments: [first] }: ts.CallExpression) {
  if (!first || !ts.isStringLiteralLike(first)) return undefined
  let root: ts.Node = expression
  const words: string[] = []
  while (ts.isCallExpression(root) || ts.isPropertyAccessExpression(root)) {
    if (ts.isPropertyAccessExpression(root)) words.push(root.name.text)
    root = root.expression
  }
  if (!ts.isIdentifier(root) || words.some((it) => it !== 'each')) return undefined
  const kind = root.text
  return kind === 'test' || kind === 'describe' ? { kind, title: first.text } : undefined
}
