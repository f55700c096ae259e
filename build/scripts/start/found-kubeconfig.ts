import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ask } from '../../../server/cli/prompt.ts'
import { printable } from '../../../server/cli/output.ts'
import type { Gateway } from '../../../server/contract/index.ts'
import { readIfThere } from './remembered.ts'
import { sandboxId } from './sandbox.ts'

export interface FoundKubeconfig {
  readonly file: string
  readonly text: string
}

/** Where kubectl would look. Read, but nothing in it is contacted or run. */
export function findKubeconfigs(): FoundKubeconfig[] {
  const { KUBECONFIG } = process.env
  const files = KUBECONFIG ? KUBECONFIG.split(delimiter) : [join(homedir(), '.kube', 'config')]
  return files.flatMap((file) => {
    const text = file === '' ? undefined : readIfThere(file)
    return text === undefined || text.trim() === '' ? [] : [{ file, text }]
  })
}

/** One context that a person chose and confirmed. */
export interface ChosenContext {
  readonly kubeconfig: string
  readonly context: string
  /** host:port where that is on this machine, which the gateway must be allowed to contact. */
  readonly loopback: string | undefined
}

/** Lists every context that was found; asks which to import, and for a typed yes before anything is contacted. */
export async function offerContexts(
  { clusters }: Pick<Gateway, 'clusters'>,
  found: readonly FoundKubeconfig[],
): Promise<ChosenContext | undefined> {
  const offered: { kubeconfig: string; name: string; address: string }[] = []
  const print = (line: string) => process.stdout.write(`${line}\n`)
  for (const { file, text } of found) {
    print(`\nFound ${printable(file)}. Nothing in it has been contacted. Its contexts:`)
    const contexts = await clusters
      .inspectKubeconfig({ kubeconfig: text })
      .catch((error: unknown) => {
        print(`  ${printable(error instanceof Error ? error.message : 'it cannot be read')}`)
        return []
      })
    for (const { name, address = '(no address)', refused } of contexts) {
      if (refused === undefined) offered.push({ kubeconfig: text, name, address })
      const mark = refused === undefined ? String(offered.length).padStart(3) : '  -'
      const note = refused === undefined ? '' : `  cannot be imported: ${refused}`
      print(printable(`${mark}  ${name}  ${address}${note}`))
    }
  }
  if (offered.length === 0) return undefined
  const chosen = await choose(offered)
  if (!chosen) return undefined
  print(
    `\nThe gateway will contact ${printable(chosen.address)} with this context's credential, once, and make the` +
      '\nnamespace gatehouse-system there with ServiceAccounts, ClusterRoles and bindings for its presets.',
  )
  if ((await ask('Type yes to do that: ')).trim() !== 'yes') {
    print('Nothing was contacted; a sandbox cluster is made instead.')
    return undefined
  }
  const { kubeconfig, name, address } = chosen
  return { kubeconfig, context: name, loopback: loopbackOf(address) }
}

/** Asks until the answer is a number of the list, or nothing. */
async function choose<T>(offered: readonly T[]): Promise<T | undefined> {
  for (;;) {
    const answer = await ask('\nNumber of the context to import, or Enter for a sandbox cluster: ')
    const chosen = offered[Number(answer) - 1]
    if (chosen !== undefined || answer.trim() === '') return chosen
  }
}

function loopbackOf(address: string): string | undefined {
  const url = URL.parse(address)
  if (!url || !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) return undefined
  return `${url.hostname}:${url.port || '443'}`
}

/** A context's name as the id of a cluster, never that of the sandbox. */
export function slugOf(name: string): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  const cut = slug.slice(0, 63).replace(/^-|-$/g, '')
  return cut === '' || cut === sandboxId ? 'imported' : cut
}
