// `npm run check`: everything that can be known without running the product, fast checks first.
// `npm run check types lint` runs only those named.
import { commandOf, runNode, sources } from './tools.ts'

const checks: Readonly<Record<string, () => readonly string[]>> = {
  format: () => [commandOf('prettier'), '--check', '--log-level=warn', '.'],
  lint: () => [
    commandOf('oxlint'),
    '--config=build/oxlint.json',
    '--type-aware',
    '--deny-warnings',
    ...sources,
  ],
  types: () => [commandOf('typescript', 'tsc'), '--build', 'build'],
  layers: () => ['build/scripts/check-layers.ts'],
  unused: () => [commandOf('knip'), '--treat-config-hints-as-errors'],
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(checks, name))
if (unknown.length > 0) {
  console.error(
    `No check is called ${unknown.join(', ')}. There are: ${Object.keys(checks).join(', ')}`,
  )
  process.exit(1)
}

let failed = 0
for (const [name, command] of Object.entries(checks)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const started = performance.now()
  const code = await runNode(command())
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(7)} ${seconds.padStart(5)} s`)
  if (code !== 0) failed += 1
}
process.exitCode = failed > 0 ? 1 : 0
