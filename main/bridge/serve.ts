import type { Reply } from '#bridge'
import { AppError, notFound, toErrorBody } from '#gateway/errors.ts'
import { parseInput, type Api, type Call, type Client } from '#gateway/operation.ts'
import type { Guard } from './guard.ts'
import { limitOf } from './limits.ts'
import type { Asking } from './sender.ts'

/** The part of Electron's ipcMain that answers; handlers are registered nowhere else. */
export interface Ipc {
  handle(channel: string, listener: (event: Asking, ...values: unknown[]) => Promise<Reply>): void
}

interface Service<A extends Api> {
  readonly ipc: Ipc
  readonly guard: Guard
  /** `gateway` or `desktop`. */
  readonly home: string
  readonly api: A
  readonly provider: Client<A>
  /** Calls of the contract that a window has no business with. */
  readonly withheld?: ReadonlySet<string>
  readonly failed: (channel: string, error: unknown) => void
}

/**
 * Offers an api to the window, one channel for each call: limits belong to a channel, and a name that was
 * not registered reaches no code of ours at all.
 */
export function serve<A extends Api>(service: Service<A>): void {
  const { ipc, guard, home, api, provider, withheld } = service
  for (const [group, calls] of Object.entries(api))
    for (const [name, call] of Object.entries(calls)) {
      const channel = `${home}:${group}.${name}`
      if (withheld?.has(`${group}.${name}`)) continue
      const handle = provider[group]?.[name] as Handle | undefined
      ipc.handle(channel, (event, input) =>
        reply(channel, service.failed, () => {
          const done = guard.admit(event, channel, input)
          return answer(channel, call, handle, input).finally(done)
        }),
      )
    }
}

type Handle = (input: unknown) => Promise<unknown>

async function answer(
  channel: string,
  call: Call,
  handle: Handle | undefined,
  input: unknown,
): Promise<unknown> {
  if (!handle) throw notFound(`"${channel}"`)
  const output = await inTime(limitOf(channel).seconds, handle(parseInput(call, input)))
  return call.output.parse(output)
}

/** Every outcome as a value: IPC keeps nothing of an error but its message, paths included. */
export async function reply(
  channel: string,
  failed: (channel: string, error: unknown) => void,
  work: () => Promise<unknown>,
): Promise<Reply> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    failed(channel, error)
    return { ok: false, error: toErrorBody(error) }
  }
}

async function inTime<T>(seconds: number, work: Promise<T>): Promise<T> {
  if (seconds === 0) return work
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('gateway_timeout', 'No answer came in time'))
    }, seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
