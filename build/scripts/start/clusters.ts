import { canAsk } from '../../../server/cli/prompt.ts'
import { AppError } from '../../../server/contract/errors.ts'
import type { Gateway } from '../../../server/contract/index.ts'
import type { Cluster } from '../../../test/support/cluster/index.ts'
import { findKubeconfigs, offerContexts, slugOf, type ChosenContext } from './found-kubeconfig.ts'
import type { Passwords } from './passwords.ts'
import { makePeople } from './people.ts'
import { recall, remember } from './remembered.ts'
import { makeSamples } from './samples.ts'
import { registerSandbox, sandboxId } from './sandbox.ts'
import type { Say } from './say.ts'

/** Which clusters there are to work with. */
export type Settled =
  | { readonly status: 'sandbox'; readonly hasRealNode: boolean; readonly kubectl: string }
  | { readonly status: 'own'; readonly clusterIds: readonly string[] }
  | { readonly status: 'unknown' }

/** The sandbox as far as it has come, and the ways to start and stop it. */
export interface Sandbox {
  readonly folder: string
  readonly say: Say
  readonly cluster: Cluster | undefined
  planSandbox(): Promise<void>
  startSandbox(): Promise<Cluster>
  stopSandbox(): Promise<void>
  hasMoved(cluster: Cluster): boolean
}

interface Work {
  readonly sandbox: Sandbox
  /** Starts the gateway, or starts it anew with what it may contact now. */
  readonly startGateway: () => Promise<void>
  readonly api: Gateway
  readonly passwords: Passwords
}

/** Clusters that are registered stay; where there are none, a person may import one, else the sandbox is made. */
export async function settleClusters(work: Work): Promise<Settled> {
  const { sandbox, api } = work
  tellSkipped(sandbox)
  const ids = (await api.clusters.list({})).map(({ id }) => id)
  if (ids.length > 0 && !ids.includes(sandboxId)) {
    if (sandbox.cluster)
      sandbox.say('other clusters are registered and the sandbox is not: it stops')
    await sandbox.stopSandbox()
    remember(sandbox.folder, { clusters: 'own' })
    return { status: 'own', clusterIds: ids }
  }
  if (ids.length === 0 && !sandbox.cluster) {
    const imported = await offer(work)
    if (imported !== undefined) return { status: 'own', clusterIds: [imported] }
  }
  return useSandbox(work)
}

function tellSkipped({ folder, say }: Sandbox): void {
  if (recall(folder).clusters !== undefined || canAsk()) return
  for (const { file } of findKubeconfigs())
    say(`found ${file}: skipped, nothing in it was contacted, since nobody can type yes here`)
}

async function offer({ sandbox, startGateway, api, passwords }: Work): Promise<string | undefined> {
  const found = canAsk() ? findKubeconfigs() : []
  const chosen = found.length === 0 ? undefined : await offerContexts(api, found)
  if (!chosen) return undefined
  const { allow = [] } = recall(sandbox.folder)
  if (chosen.loopback !== undefined && !allow.includes(chosen.loopback)) {
    remember(sandbox.folder, { allow: [...allow, chosen.loopback] })
    await startGateway()
  }
  try {
    const id = await importChosen(api, chosen, passwords.administrator.name)
    remember(sandbox.folder, { clusters: 'own' })
    sandbox.say(`imported ${id}; ${passwords.administrator.name} may read there (preset viewer)`)
    return id
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    sandbox.say(`it was not imported: ${error.message}`)
    remember(sandbox.folder, { allow })
    return undefined
  }
}

async function importChosen(
  { clusters, persons, profiles, grants }: Gateway,
  { kubeconfig, context }: ChosenContext,
  administrator: string,
): Promise<string> {
  const id = slugOf(context)
  await clusters.importContext({
    kubeconfig,
    context,
    id,
    name: context.slice(0, 100),
    presets: ['viewer', 'developer', 'operator', 'admin'],
  })
  const person = (await persons.list({})).find(({ name }) => name === administrator)
  const viewer = (await profiles.list({ clusterId: id })).find(({ name }) => name === 'viewer')
  if (person && viewer)
    await grants.create({ personId: person.id, profileId: viewer.id, preset: 'viewer' })
  return id
}

async function useSandbox({ sandbox, startGateway, api, passwords }: Work): Promise<Settled> {
  if (!sandbox.cluster) await sandbox.planSandbox()
  const isLate = !sandbox.cluster
  const cluster = sandbox.cluster ?? (await sandbox.startSandbox())
  if (sandbox.hasMoved(cluster) || isLate) await startGateway()
  const isNew = await registerSandbox(api, cluster)
  remember(sandbox.folder, { clusters: 'sandbox', ...(isNew && { samplesMade: false }) })
  if (recall(sandbox.folder).samplesMade !== true) {
    sandbox.say('making sample workloads and people')
    await Promise.all([
      makeSamples(cluster, sandbox.say),
      makePeople(api, sandboxId, passwords.people),
    ])
    remember(sandbox.folder, { samplesMade: true })
  }
  return {
    status: 'sandbox',
    hasRealNode: cluster.node !== undefined,
    kubectl: cluster.handle.parts.kubectl,
  }
}
