import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface Display {
  /** What programs must find in their environment. */
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** A screen nobody sees: an X server of its own on a number that was free. It ends with its last program. */
export async function openDisplay(): Promise<Display> {
  if (process.platform !== 'linux') return { env: {}, stop: async () => {} }
  const options = ['-screen', '0', '1440x900x24', '-nolisten', 'tcp', '-terminate']
  const server = spawn('Xvfb', ['-displayfd', '3', ...options], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  server.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const ended = once(server, 'exit').catch((error: unknown) => [error])
  const number = createInterface({ input: server.stdio[3] as Readable })
  const line = await Promise.race([
    once(number, 'line') as Promise<string[]>,
    ended.then(([why]): never => {
      throw new Error(`Xvfb (Debian: xvfb) did not start: ${String(why)} ${said.join('')}`)
    }),
  ])
  return {
    env: { DISPLAY: `:${line[0]}` },
    async stop() {
      server.kill()
      await ended
    },
  }
}
