// `npm run conformance [words …]`: Kubernetes' own end-to-end specs, directly and then through the gateway
// as a person with the profile for administrators. Fails when a result is not the same. With words, only
// the specs whose names contain one of them are run.
import { mkdir, writeFile } from 'node:fs/promises'
import { startCluster } from '../../test/support/cluster/index.ts'
import { findParts } from '../../test/support/cluster/parts.ts'
import { Run } from '../../test/support/cluster/run.ts'
import { refusals } from './conformance/differences.ts'
import { admitPerson } from './conformance/gateway.ts'
import { importImages } from './conformance/images.ts'
import { runSpecs, type Results } from './conformance/run-specs.ts'
import { groups, leftOut } from './conformance/spec-list.ts'
import { isSettled, judge, tableOf, type Row } from './conformance/verdict.ts'

const say = (line: string) => void process.stderr.write(`${line}\n`)

function wantedSpecs(words: readonly string[]): string[] {
  const all = [
    ...groups.flatMap(({ under, specs }) => specs.map((it) => `${under} ${it}`)),
    ...refusals.flatMap((it) => it.specs),
  ]
  return words.length === 0 ? all : all.filter((spec) => words.some((it) => spec.includes(it)))
}

/** What `kubectl proxy` must be told wherever a server has a path; it says so itself. */
const kubectlPreferences = {
  apiVersion: 'kubectl.config.k8s.io/v1beta1',
  kind: 'Preference',
  defaults: [{ command: 'proxy', options: [{ name: 'append-server-path', default: 'true' }] }],
}

async function compare(run: Run, specs: readonly string[]): Promise<Row[]> {
  const programs = await findParts(['e2e.test', 'kubectl'], { progress: say })
  const cluster = await startCluster({ node: true, kwokNodes: 0, progress: say })
  try {
    await importImages(cluster, programs['e2e.test'])
    const gateway = await admitPerson(run, cluster)
    await mkdir(run.path('.kube'))
    await writeFile(run.path('.kube', 'kuberc'), JSON.stringify(kubectlPreferences))
    let tries = 0
    const both = async (wanted: readonly string[]): Promise<Row[]> => {
      tries += 1
      const side = async (name: string, kubeconfig: string, earlier?: Results) => {
        const started = Date.now()
        const results = await runSpecs({
          run,
          programs,
          kubeconfig,
          specs: wanted,
          label: `${name}-${tries}`,
          secondsOf: (spec) => earlier?.get(spec)?.seconds ?? 1,
        })
        say(`${wanted.length} specs ${name}: ${Math.round((Date.now() - started) / 1000)} s`)
        return results
      }
      const direct = await side('directly', cluster.handle.adminKubeconfig)
      const through = await side('by the gateway', gateway.kubeconfig, direct)
      return judge({ specs: wanted, direct, through, audited: await gateway.refusals() })
    }
    const first = await both(specs)
    const unsettled = first.filter((it) => !isSettled(it)).map((it) => it.spec)
    if (unsettled.length === 0) return first
    // A busy machine lets a spec run out of time now and then; what is different is so again.
    say(`once more: ${unsettled.join(', ')}`)
    const again = new Map((await both(unsettled)).map((it) => [it.spec, it]))
    return first.map((it) => again.get(it.spec) ?? it)
  } finally {
    await cluster.stop()
  }
}

const specs = wantedSpecs(process.argv.slice(2))
if (specs.length === 0) throw new Error('No spec has such a name')
const run = await Run.open()
try {
  const rows = await compare(run, specs)
  console.log(tableOf(rows))
  console.log('\nrefused on purpose:')
  for (const { why, specs } of refusals) console.log(`- ${why} (${specs.length})`)
  console.log('\nnot in the list:')
  for (const { what, why } of leftOut) console.log(`- ${what}: ${why}`)
  const count = (verdict: Row['verdict']) => rows.filter((it) => it.verdict === verdict).length
  console.log(
    `\n${rows.length} specs: ${count('equal')} equal, ${count('refused')} refused as documented, ` +
      `${count('different')} different, ${count('unusable')} unusable`,
  )
  process.exitCode = rows.every(isSettled) ? 0 : 1
} finally {
  await run.close()
}
