import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Device, DeviceSession } from '../../server/cli/device.ts'

export const program = fileURLToPath(new URL('../../server/cli/index.ts', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandLine {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  /** Runs `gatehouse` as its own process and waits for its end. */
  run(args: readonly string[], input?: string): Promise<Ran>
  /** Puts a state file there as an earlier run would have left it. */
  remember(device: Device, mode?: number): string
}

/** A device with a state folder of its own, removed with the test. */
export function newDevice(): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const home = join(folder, 'state')
  const { NODE_EXTRA_CA_CERTS: _trusted, ...inherited } = process.env
  const env = { ...inherited, GATEHOUSE_HOME: home }
  return {
    home,
    env,
    run: (args, input = '') => run(args, input, env),
    remember(device, mode = 0o600) {
      mkdirSync(home, { recursive: true, mode: 0o700 })
      const file = join(home, `${encodeURIComponent(device.address.slice('https://'.length))}.json`)
      writeFileSync(file, JSON.stringify(device))
      chmodSync(file, mode)
      return file
    },
  }
}

/** A session as it is remembered; its access token lives this long. */
export const rememberedSession = (seconds = 900): DeviceSession => ({
  id: '5b3f9e0e-6d1c-4a58-9d83-6f1f4d1f6a10',
  person: 'ada',
  accessToken: 'an-access-token',
  accessExpiresAt: new Date(Date.now() + seconds * 1000).toISOString(),
  refreshToken: 'a-refresh-token',
})

async function run(args: readonly string[], input: string, env: CommandLine['env']): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], { env })
  // A command that refuses at once need not have read what it was given.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr }
}
