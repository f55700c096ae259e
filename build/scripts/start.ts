// `npm start`: a gateway on this machine with a data folder of its own, in front of a cluster that a
// person chose or of a sandbox. Ends everything it started, however it is ended itself.
import { join, resolve } from 'node:path'
import { root } from './tools.ts'
import { createSay } from './start/say.ts'
import { Start } from './start/bring-up.ts'

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** Several may come for one Ctrl-C: from the terminal, and passed on. One is enough. */
const signalled = new Promise<Signal>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => resolve(signal))
})
// A terminal that is gone must not end the stopping.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const say = createSay()

async function main(): Promise<number> {
  const start = new Start(resolve(process.env['GATEHOUSE_DATA'] || join(root, '.gatehouse')), say)
  try {
    await Promise.race([start.run(), signalled])
    await Promise.race([start.broken, signalled])
    return 0
  } catch (error) {
    process.stderr.write(`\ngatehouse: ${wordsOf(error)}\n`)
    return 1
  } finally {
    say('stopping')
    await start.stop()
    say('everything has ended')
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

// What was still being started ends with this process: the sandbox has a guard, the gateway follows.
process.exit(await main())
