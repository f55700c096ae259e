// `npm run bench [-- views logs bundles proxy]`: ours beside what people use today, on one real cluster
// and in turn in one run, since only ratios hold on a machine that others use too. Each part replaces its
// section of build/bench/results.md.
import { benchBundles } from './bench/bundles.ts'
import { benchLogs } from './bench/logs.ts'
import { benchProxy } from './bench/proxy.ts'
import { keepResults, type Section } from './bench/results.ts'
import { say } from './bench/say.ts'
import { benchViews } from './bench/views.ts'

const parts: Readonly<Record<string, () => Promise<Section>>> = {
  proxy: benchProxy,
  views: benchViews,
  logs: benchLogs,
  bundles: benchBundles,
}

const asked = process.argv.slice(2)
const unknown = asked.find((it) => !Object.hasOwn(parts, it))
if (unknown !== undefined) {
  say(`There is no part "${unknown}"; there are ${Object.keys(parts).join(', ')}`)
  process.exitCode = 2
} else {
  for (const [name, run] of Object.entries(parts)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    say(`bench: ${name}`)
    const started = new Date()
    process.stdout.write(`${await keepResults(await run(), started)}\n`)
  }
}
