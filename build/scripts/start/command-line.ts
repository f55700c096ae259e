import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Account } from './passwords.ts'

const program = fileURLToPath(new URL('../../../server/cli/index.ts', import.meta.url))

interface Device {
  /** The data folder. */
  readonly folder: string
  readonly address: string
  readonly caFile: string
}

/**
 * A kubeconfig of this person in the data folder, made by the same commands that a person would type.
 * Undefined when the gateway does not let them in with this password.
 */
export async function writeKubeconfig(
  device: Device,
  account: Account,
): Promise<string | undefined> {
  const { folder, address, caFile } = device
  const file = join(folder, 'kubeconfig')
  const home = join(folder, 'devices', account.name)
  const write = ['kubeconfig', '--gateway', address, '--write', file]
  // A session of an earlier start is used again, so that they do not pile up.
  if ((await gatehouse(home, write)) === 0) return file
  await rm(file, { force: true })
  const login = ['login', address, '--name', account.name, '--password-stdin', '--ca', caFile]
  for (const [args, input] of [[login, account.password] as const, [write, ''] as const]) {
    if ((await gatehouse(home, args, input)) !== 0) return undefined
  }
  return file
}

async function gatehouse(
  home: string,
  args: readonly string[],
  input = '',
): Promise<number | null> {
  const env = { ...process.env, GATEHOUSE_HOME: home }
  const child = spawn(process.execPath, [program, ...args], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // A command that refuses at once need not have read what it was given.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return code
}

/** The `gatehouse` command as a person can type it here, whatever Node their shell finds. */
export async function writeCommand(folder: string): Promise<string> {
  const whole = `${quote(process.execPath)} ${quote(program)}`
  if (process.platform === 'win32') return whole
  const file = join(folder, 'bin', 'gatehouse')
  await mkdir(join(folder, 'bin'), { recursive: true, mode: 0o700 })
  await writeFile(file, `#!/bin/sh\nexec ${whole} "$@"\n`)
  await chmod(file, 0o700)
  return quote(file)
}

/** The person's own kubectl, else the one that came with the sandbox. */
export function kubectlCommand(built: string | undefined): string {
  const names = process.platform === 'win32' ? ['kubectl.exe'] : ['kubectl']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const isInstalled = folders.some((it) => names.some((name) => existsSync(join(it, name))))
  return isInstalled || built === undefined ? 'kubectl' : quote(built)
}

/** For a shell, only where it needs it. */
export const quote = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
