import type { Cluster } from '../../../../test/support/cluster/index.ts'

const kept = new Set(['etcd', 'kube-apiserver'])

/**
 * Ends all parts of our own cluster but the API server and its store. Halting them would not do: a watcher that
 * stands still makes the API server slow for the others, and in the end it cuts them all.
 */
export function endOthers(cluster: Cluster): void {
  for (const { name, pid } of cluster.parts()) if (!kept.has(name)) process.kill(pid, 'SIGKILL')
}
