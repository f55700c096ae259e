import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs of the machine, from Debian's containerd, runc, containernetworking-plugins and busybox-static. */
export interface Tools {
  readonly busybox: string
  readonly cniFolder: string
}

export function findTools(): Tools {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('The real node needs Linux and root; without them use simulated nodes only')
  const cniFolder = ['/usr/lib/cni', '/opt/cni/bin'].find((it) => existsSync(join(it, 'bridge')))
  const missing = ['containerd', 'ctr', 'runc', 'busybox', 'unshare', 'ip', 'mount'].filter(
    (it) => !onPath(it),
  )
  const busybox = onPath('busybox')
  if (missing.length === 0 && cniFolder && busybox) return { busybox, cniFolder }
  const what = [...missing, ...(cniFolder ? [] : ['CNI plugins'])].join(', ')
  throw new Error(
    `The real node misses ${what}: apt-get install containerd runc containernetworking-plugins busybox-static iproute2`,
  )
}

const onPath = (name: string) =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((it) => join(it, name))
    .find((it) => existsSync(it))
