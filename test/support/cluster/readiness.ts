import { setTimeout as pause } from 'node:timers/promises'
import type { Part } from './run.ts'

export interface Wait {
  readonly what: string
  readonly withinMs: number
  readonly everyMs?: number
  /** Its end is the end of the waiting. */
  readonly part?: Part
}

/** Asks until the answer is there. What fails is told by the last words of the program that is waited for. */
export async function until<T>(wait: Wait, ask: () => Promise<T | undefined>): Promise<T> {
  const { what, withinMs, everyMs = 50, part } = wait
  const deadline = Date.now() + withinMs
  let last: unknown
  for (;;) {
    if (part?.hasExited())
      throw new Error(`${what}: ${part.name} ended while starting:\n${part.lastWords()}`)
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) {
      const words = part ? `\n${part.lastWords()}` : ''
      throw new Error(`${what}: not reached within ${withinMs} ms${words}`, { cause: last })
    }
    await pause(everyMs)
  }
}
