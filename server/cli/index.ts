#!/usr/bin/env node
import { Refusal, UsageError } from './refusal.ts'
import { help, usage, type CommandName } from './usage.ts'

type Command = (args: readonly string[]) => Promise<void>

/** Each command loads what it needs, and only when it runs: kubectl waits for `token`. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  login: async () => (await import('./login.ts')).login,
  logout: async () => (await import('./logout.ts')).logout,
  whoami: async () => (await import('./whoami.ts')).whoami,
  clusters: async () => (await import('./clusters.ts')).clusters,
  sessions: async () => (await import('./sessions.ts')).sessions,
  kubeconfig: async () => (await import('./kubeconfig.ts')).kubeconfig,
  token: async () => (await import('./token.ts')).token,
  call: async () => (await import('./call.ts')).call,
  audit: async () => (await import('./audit.ts')).audit,
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name)

async function run([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined) throw new UsageError('Name a command; gatehouse help shows all')
  if (name === 'help' || [name, ...args].some((it) => it === '--help' || it === '-h')) {
    process.stdout.write(help)
    return
  }
  if (!isCommand(name))
    throw new UsageError(`There is no command ${JSON.stringify(name)}; gatehouse help shows all`)
  try {
    await (
      await commands[name]()
    )(args)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`${error.message} (usage: gatehouse ${usage[name]})`)
  }
}

// A reader that has seen enough, as in `| head`, is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

try {
  await run(process.argv.slice(2))
} catch (error) {
  const { printable } = await import('./output.ts')
  process.stderr.write(`gatehouse: ${printable(reason(error))}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

/** Named failures and the system's speak for themselves; anything else is a mistake of ours. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'Something went wrong'
  if (error instanceof Refusal || error instanceof UsageError) return error.message
  const named = error.name === 'AppError' || 'syscall' in error
  return named ? error.message : `Something went wrong (${error.name}: ${error.message})`
}
