import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { busyboxFiles, imageArchive } from './images.ts'
import type { Tools } from './node-tools.ts'
import { findTools } from './node-tools.ts'
import type { Parts } from './part-list.ts'

/** Has `sh` and the usual commands; pods use it with `imagePullPolicy: Never`. */
export const busyboxImage = 'localhost/busybox:1'
export const pauseImage = 'localhost/pause:1'

/** Brings Kubernetes' own test image in, with a shell beside it as the published one has. */
export async function importAgnhost(
  { socket, version }: { readonly socket: string; readonly version: string },
  parts: Parts<'agnhost'>,
): Promise<string> {
  const tag = `registry.k8s.io/e2e-test-images/agnhost:${version}`
  const files = [
    ...(await busyboxFiles(findTools().busybox)),
    { path: 'agnhost', content: await readFile(parts.agnhost) },
  ]
  await importImage(
    socket,
    imageArchive({ tag, files, entrypoint: ['/agnhost'], command: ['pause'] }),
  )
  return tag
}

export async function importSmallImages(socket: string, { busybox }: Tools): Promise<void> {
  const files = await busyboxFiles(busybox)
  const command = ['/bin/sleep', '2147483647']
  await importImage(socket, imageArchive({ tag: pauseImage, files, command }))
  await importImage(socket, imageArchive({ tag: busyboxImage, files, command: ['/bin/sh'] }))
}

async function importImage(socket: string, archive: Buffer): Promise<void> {
  const work = promisify(execFile)('ctr', ['-a', socket, '-n', 'k8s.io', 'images', 'import', '-'])
  work.child.stdin?.on('error', () => {})
  work.child.stdin?.end(archive)
  await work
}
