import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'

export interface LoginEnvironment {
  readonly shell: string
  readonly env: Readonly<Record<string, string>>
  /** Why this is the app's own environment and not that of a login. */
  readonly trouble?: string
}

interface Options {
  readonly shell?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Milliseconds for the person's start-up files. */
  readonly patience?: number
}

/** Bytes; what start-up files print counts too. */
const mostOutput = 4 * 1024 * 1024

/**
 * The environment that a terminal of this person has. An app that was started by a click has not read their
 * start-up files, so their own shell is asked to, once; one that hangs or fails is done without.
 */
export async function readLoginEnvironment(options: Options = {}): Promise<LoginEnvironment> {
  const own = onlyStrings(options.env ?? process.env)
  const shell = options.shell ?? defaultShell(own)
  if (process.platform === 'win32') return { shell, env: own }
  try {
    return { shell, env: await ask(shell, own, options.patience ?? 5_000) }
  } catch (error) {
    return { shell, env: own, trouble: error instanceof Error ? error.message : String(error) }
  }
}

function defaultShell(env: Readonly<Record<string, string>>): string {
  if (process.platform === 'win32') return 'powershell.exe'
  return env['SHELL'] || userInfo().shell || '/bin/sh'
}

function ask(
  shell: string,
  env: Readonly<Record<string, string>>,
  patience: number,
): Promise<Record<string, string>> {
  const marker = `gatehouse-${randomBytes(12).toString('hex')}`
  // Start-up files print what they like; what stands between the marks was printed by `env`.
  const command = `printf %s ${marker}; env -0 2>/dev/null || env; printf %s ${marker}`
  return new Promise((resolve, reject) => {
    const child = spawn(shell, ['-i', '-l', '-c', command], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
      // In a session of its own: an interactive shell reaches for the terminal that it finds.
      detached: true,
    })
    const chunks: Buffer[] = []
    let size = 0
    const stop = (why: string) => {
      reject(new Error(`${shell} ${why}`))
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It had ended just now.
      }
    }
    const timer = setTimeout(() => stop(`took longer than ${patience} ms to start`), patience)
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > mostOutput) stop('prints without end')
      else chunks.push(chunk)
    })
    child.once('error', (error) => stop(`cannot be started: ${error.message}`))
    child.once('close', () => {
      clearTimeout(timer)
      const [, text] = Buffer.concat(chunks).toString().split(marker)
      if (text === undefined) stop('did not tell its environment')
      else resolve(parse(text))
    })
  })
}

/** Entries end with NUL; where `env` cannot do that, a line that has no name goes on with the value before it. */
function parse(text: string): Record<string, string> {
  const env: Record<string, string> = {}
  let last: string | undefined
  const isMarked = text.includes('\0')
  for (const entry of text.split(isMarked ? '\0' : '\n')) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(entry) ?? []
    if (name !== undefined && value !== undefined) env[(last = name)] = value
    else if (!isMarked && last !== undefined && entry !== '') env[last] += `\n${entry}`
  }
  return env
}

const onlyStrings = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
