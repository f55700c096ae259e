import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { Writable } from 'node:stream'
import { Refusal } from './refusal.ts'

/** True where somebody can be asked. */
export const canAsk = () => process.stdin.isTTY && process.stderr.isTTY

/** Asks on stderr, so that stdout holds nothing but the result. */
export const ask = (question: string) => prompt(question, process.stderr)

/** Asks for what must not be seen on the screen. */
export async function askSecret(question: string): Promise<string> {
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done()
    },
  })
  try {
    return await prompt(question, nowhere)
  } finally {
    process.stderr.write('\n')
  }
}

/** All of stdin, without the line end that `echo` adds. */
export async function readStdin(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '')
}

async function prompt(question: string, output: Writable): Promise<string> {
  // From here on the terminal itself echoes nothing: only then may somebody start to type.
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  if (output !== process.stderr) process.stderr.write(question)
  const left = new AbortController()
  lines.once('SIGINT', () => {
    left.abort()
  })
  lines.once('close', () => {
    left.abort()
  })
  try {
    return await lines.question(question, { signal: left.signal })
  } catch (cause) {
    throw new Refusal('Nothing was entered', { cause })
  } finally {
    lines.close()
  }
}
