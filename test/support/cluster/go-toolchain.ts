import { execFile } from 'node:child_process'
import { access, chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Progress } from './part-list.ts'
import { cacheFolder } from './part-list.ts'
import type { ZipEntry } from './zip.ts'
import { moduleHash, readZip } from './zip.ts'

const version = '1.26.8'

/** What the public checksum database says of golang.org/toolchain v0.0.1-go1.26.8.<os>-<arch>. */
const hashes: Readonly<Record<string, string>> = {
  'linux-amd64': 'h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=',
  'linux-arm64': 'h1:sYL/O6MqS68ML0kjsQ36WoYIpJqkw60TxizWUYUKQMc=',
  'darwin-amd64': 'h1:7/9KPPN8PckcA9s91hm2jmQMhzW4KyTJXHIs45L0C9M=',
  'darwin-arm64': 'h1:dFjGhY6f8DTsY8/rLchUTDRRfjJP4pCrGCwxvHFT2Fg=',
}

/** A Go that can build the programs: the installed one when it is new enough, else one from the module proxy. */
export async function findGo(progress: Progress): Promise<string> {
  if (await isNewEnough('go')) return 'go'
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const kept = join(cacheFolder(), 'go', `${version}.${platform}`)
  const program = join(kept, 'bin', 'go')
  if (await isThere(program)) return program
  const hash = hashes[platform]
  if (hash === undefined)
    throw new Error(`Install Go 1.26 or newer: there is no known toolchain for ${platform}`)
  await download({ platform, hash, kept, progress })
  return program
}

async function isNewEnough(go: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)(go, ['env', 'GOVERSION'], {
    env: { ...process.env, GOTOOLCHAIN: 'local' },
  }).catch(() => ({ stdout: '' }))
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout) ?? []
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 26)
}

interface Download {
  readonly platform: string
  readonly hash: string
  readonly kept: string
  readonly progress: Progress
}

async function download({ platform, hash, kept, progress }: Download): Promise<void> {
  const module = `golang.org/toolchain/@v/v0.0.1-go${version}.${platform}.zip`
  progress(`Go 1.26 is not installed; getting its toolchain from the module proxy (72 MB)`)
  const zip = readZip(await fetchModule(module))
  const actual = moduleHash(zip)
  if (actual !== hash) throw new Error(`${module} has the hash ${actual}, not the known ${hash}`)
  const partial = `${kept}.partial-${process.pid}`
  try {
    for (const entry of zip) await unpack(entry, partial)
    await mkdir(dirname(kept), { recursive: true })
    await rename(partial, kept)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

async function fetchModule(path: string): Promise<Buffer> {
  const failures: string[] = []
  for (const proxy of moduleProxies(await proxySetting())) {
    const origin = new URL(proxy).host
    try {
      const answer = await fetch(`${proxy.replace(/\/$/, '')}/${path}`)
      if (answer.ok) return Buffer.from(await answer.arrayBuffer())
      failures.push(`${origin} answered ${answer.status}`)
    } catch (error) {
      failures.push(`${origin}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const why = failures.length > 0 ? failures.join(', ') : 'GOPROXY names no module proxy'
  throw new Error(`Install Go 1.26 or newer; its toolchain could not be fetched (${why})`)
}

/** The person's own setting, else that of an older Go. */
async function proxySetting(): Promise<string> {
  const own = process.env['GOPROXY']
  if (own) return own
  const asked = await promisify(execFile)('go', ['env', 'GOPROXY']).catch(() => undefined)
  return asked?.stdout.trim() ?? ''
}

/** The proxies in Go's own list; `direct` and `off` end it, for a toolchain is never built from a repository. */
export function moduleProxies(setting: string): string[] {
  const words = setting.split(/[,|]/).map((it) => it.trim())
  const end = words.findIndex((it) => it === 'direct' || it === 'off')
  return (end === -1 ? words : words.slice(0, end)).filter((it) => it !== '')
}

async function unpack({ name, read }: ZipEntry, folder: string): Promise<void> {
  const inside = name.slice(name.indexOf('/', name.indexOf('@')) + 1)
  if (inside.split('/').includes('..')) throw new Error(`${name} leads out of the toolchain`)
  const path = join(folder, inside)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, read())
  // Module zips carry no modes; these are the toolchain's programs.
  if (/^(bin|pkg\/tool)\//.test(inside)) await chmod(path, 0o755)
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
