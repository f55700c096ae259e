import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, statfs, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cniConfig } from './node-config.ts'
import type { Run } from './run.ts'
import { cgroupHierarchies } from './sweep.ts'

/**
 * A bridge of our own, with its address set here: the plugin would turn on forwarding for the whole machine.
 * Gives the address that this machine has on it.
 */
export async function createNetwork(run: Run, id: string, folder: string): Promise<string> {
  const subnet = freeSubnet()
  const bridge = `gh-${id}`
  run.holdLink(bridge)
  const ip = (...args: string[]) => promisify(execFile)('ip', args)
  await ip('link', 'add', 'name', bridge, 'type', 'bridge')
  await ip('address', 'add', `${subnet}.1/24`, 'dev', bridge)
  await ip('link', 'set', bridge, 'up')
  await writeFile(join(folder, 'cni', '10-gatehouse.conflist'), cniConfig({ bridge, subnet }))
  return `${subnet}.1`
}

function freeSubnet(): string {
  const used = Object.values(networkInterfaces()).flatMap(
    (it) => it?.map((one) => one.address) ?? [],
  )
  for (;;) {
    const [a = 0, b = 0] = randomBytes(2)
    const subnet = `10.${64 + (a % 64)}.${b}`
    if (!used.some((it) => it.startsWith(`${subnet}.`))) return subnet
  }
}

export async function createCgroups(run: Run, name: string): Promise<void> {
  run.holdCgroup(name)
  for (const hierarchy of await cgroupHierarchies()) {
    await passControllersOn(hierarchy)
    await mkdir(join(hierarchy, name), { recursive: true })
  }
}

/** In a unified hierarchy a group has only the controllers that the group above passes on. */
async function passControllersOn(hierarchy: string): Promise<void> {
  const all = await readFile(join(hierarchy, 'cgroup.controllers'), 'utf8').catch(() => '')
  for (const controller of all.split(/\s+/).filter((it) => it !== ''))
    // Some cannot be passed on; the kubelet says so if it is one that it needs.
    await writeFile(join(hierarchy, 'cgroup.subtree_control'), `+${controller}`).catch(() => {})
}

/** An overlay cannot lie on another overlay, as the file system of most containers is one. */
export async function snapshotter(folder: string): Promise<string> {
  const overlay = 0x794c7630
  return (await statfs(folder)).type === overlay ? 'native' : 'overlayfs'
}
