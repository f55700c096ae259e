import { readFile } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import type { ClusterHandle } from './cluster/client.ts'
import { startCluster } from './cluster/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ClusterHandle
  }
}

/**
 * One real cluster for the whole run: control plane, simulated nodes and the real one.
 * While writing tests, GATEHOUSE_TEST_CLUSTER may name the handle of one that runs already.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env['GATEHOUSE_TEST_CLUSTER']
  if (running) {
    project.provide('cluster', JSON.parse(await readFile(running, 'utf8')) as ClusterHandle)
    return undefined
  }
  const progress = (line: string) => process.stderr.write(`[cluster] ${line}\n`)
  const options = { node: true, kwokNodes: 3, hostExec: true, audit: true, progress }
  const cluster = await startCluster(options)
  project.provide('cluster', cluster.handle)
  return () => cluster.stop()
}
