import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Transcript } from './transcript.ts'

export interface Running {
  readonly transcript: Transcript
  /** Its exit code, once all it said was read. */
  readonly ended: Promise<number | null>
  write(text: string): void
  stop(): Promise<void>
}

/** Starts a program that goes on until it ends or is stopped; it sees this environment and nothing else. */
export function startProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Running {
  const child = spawn(program, args, { env })
  const transcript = new Transcript()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => transcript.add(text))
  // What is written while it ends is not read any more.
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'close').then(([code]) => {
    transcript.end()
    return code as number | null
  })
  return {
    transcript,
    ended,
    write: (text) => void child.stdin.write(text),
    async stop() {
      child.kill('SIGINT')
      await ended
    },
  }
}
