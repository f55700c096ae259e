// Runs dependency-cruiser over the house and fails on a forbidden import, and also when a source
// file was not looked at: without a fitting compiler it sees nothing and is content.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { commandOf, root, sources } from './tools.ts'

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
  readonly cycle?: readonly { readonly name: string }[]
}
interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: { readonly violations: readonly Violation[]; readonly totalCruised: number }
}

function cruise(): Cruise {
  const command = [
    commandOf('dependency-cruiser', 'depcruise'),
    '--config=build/layers.cjs',
    '--output-type=json',
    ...sources,
  ]
  const { stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  // Its exit code counts violations, so the answer itself tells whether it worked.
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser failed: ${stderr}${stdout}`)
  return JSON.parse(stdout) as Cruise
}

const sourceFiles = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...sources],
  { cwd: root, encoding: 'utf8' },
)
  .split('\0')
  .filter((file) => /\.(ts|tsx|mjs|cjs|js)$/.test(file) && existsSync(join(root, file)))

const { modules, summary } = cruise()
for (const { rule, from, to, cycle } of summary.violations) {
  const path = cycle ? [from, ...cycle.map((step) => step.name)].join(' → ') : `${from} → ${to}`
  console.error(`${rule.name}: ${path}`)
}

const seen = new Set(modules.map((module) => module.source))
const unseen = new Set(sourceFiles.filter((file) => !seen.has(file)))
for (const file of unseen) console.error(`not looked at: ${file}`)

console.log(`layers: ${sourceFiles.length - unseen.size} of ${sourceFiles.length} source files`)
if (summary.violations.length > 0 || unseen.size > 0 || sourceFiles.length === 0) process.exit(1)
