import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Cluster } from '../../../test/support/cluster/index.ts'
import { busyboxImage, pauseImage } from '../../../test/support/cluster/node-images.ts'

/** Brings in what the specs use, under the names that they use: no registry is asked for anything. */
export async function importImages(cluster: Cluster, e2eProgram: string): Promise<void> {
  const socket = cluster.node?.socket
  if (socket === undefined) throw new Error('The specs need the real node')
  const { stdout } = await promisify(execFile)(e2eProgram, ['--list-images'])
  const name = (of: string) => {
    const found = stdout.match(new RegExp(`^registry\\.k8s\\.io/\\S*\\b${of}:\\S+$`, 'gm'))
    return (found ?? []).map((it) => it.trim())
  }
  for (const image of name('agnhost')) await cluster.importAgnhost(image.replace(/^.*:/, ''))
  for (const [ours, theirs] of [
    [busyboxImage, name('busybox')],
    [pauseImage, name('pause')],
  ] as const)
    for (const image of theirs) await ctr(socket, 'images', 'tag', '--force', ours, image)
}

const ctr = (socket: string, ...args: string[]) =>
  promisify(execFile)('ctr', ['-a', socket, '-n', 'k8s.io', ...args])
