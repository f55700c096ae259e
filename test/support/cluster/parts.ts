import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildParts } from './go-build.ts'
import type { PartName, Parts, Progress } from './part-list.ts'
import { cacheFolder, moduleOf } from './part-list.ts'

/** Finds programs of the cluster: given assets first, then the cache, at last a build from Go modules. */
export async function findParts<Name extends PartName>(
  names: readonly Name[],
  { progress = () => {} }: { readonly progress?: Progress } = {},
): Promise<Parts<Name>> {
  const found = new Map<string, string>()
  for (const module of new Set(names.map(moduleOf))) {
    const ofModule = names.filter((it) => moduleOf(it) === module)
    const cache = await partsFolder(module)
    for (const name of ofModule) {
      const path = (await fromAssets(name)) ?? (await executable(join(cache, name)))
      if (path !== undefined) found.set(name, path)
    }
    const missing = ofModule.filter((it) => !found.has(it))
    if (missing.length === 0) continue
    progress(`cluster parts missing: ${missing.join(', ')}; building them once into ${cache}`)
    await buildParts({ module, folder: cache, names: missing, progress })
    for (const name of missing) {
      const path = await executable(join(cache, name))
      if (path === undefined) throw new Error(`The Go build did not make ${name} in ${cache}`)
      found.set(name, path)
    }
  }
  return Object.fromEntries(found) as Parts<Name>
}

/** One folder per go.sum, outside the checkout, shared by every checkout of this person. */
async function partsFolder(module: string): Promise<string> {
  const sums = await readFile(join(module, 'go.sum'))
  const key = createHash('sha256').update(sums).digest('hex').slice(0, 16)
  return join(cacheFolder(), 'parts', key)
}

/** What `setup-envtest` gives a person who downloads releases; another minor version is not taken. */
async function fromAssets(name: PartName): Promise<string | undefined> {
  const folder = process.env['KUBEBUILDER_ASSETS']
  if (!folder || !(name in assetVersions)) return undefined
  const path = await executable(join(folder, name))
  return path !== undefined && (await isRightVersion(name, path)) ? path : undefined
}

const assetVersions: Partial<Record<PartName, readonly string[]>> = {
  'kube-apiserver': ['--version'],
  kubectl: ['version', '--client'],
  // etcd has a version of its own; it comes with the API server it belongs to.
  etcd: [],
}

async function isRightVersion(name: PartName, path: string): Promise<boolean> {
  const args = assetVersions[name]
  if (args === undefined) return false
  if (args.length === 0) return (await fromAssets('kube-apiserver')) !== undefined
  const { stdout } = await promisify(execFile)(path, [...args]).catch(() => ({ stdout: '' }))
  return /\bv1\.36\.\d+\b/.test(stdout)
}

const executable = (path: string): Promise<string | undefined> =>
  access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  )
