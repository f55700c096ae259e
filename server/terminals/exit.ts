import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { statusOf, type Pod } from './pod.ts'

/** How a program ended, as far as the cluster tells. */
export interface Exit {
  readonly code?: number
  readonly reason?: string
}

const Status = z.object({
  status: z.string().optional(),
  message: z.string().optional(),
  details: z
    .object({
      causes: z
        .array(z.object({ reason: z.string().optional(), message: z.string().optional() }))
        .optional(),
    })
    .optional(),
})

/** Reads the Status of the error channel, whatever it holds. */
export function exitOf(status: unknown): Exit {
  const { data } = Status.safeParse(status)
  if (!data) return { reason: 'the cluster did not say how it ended' }
  if (data.status === 'Success') return { code: 0 }
  const code = codeOf(data)
  if (code === undefined) return { ...(data.message && { reason: data.message.slice(0, 1000) }) }
  // What only says the number again is no reason.
  const said = data.message?.endsWith(`terminated with exit code ${code}`) ? '' : data.message
  return { code, ...(said && { reason: said.slice(0, 1000) }) }
}

function codeOf({ details }: z.output<typeof Status>): number | undefined {
  const text = details?.causes?.find((it) => it.reason === 'ExitCode')?.message ?? ''
  return /^-?\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** What runtimes say of a shell that is not in the image, each in its words. */
const shellMissing = /exec[^\n]*\bsh\b[^\n]*not found|\bsh\b[^\n]*no such file/i

/** How a shell that nobody named ended; where there is none it says what can be done instead. */
export const exitOfShell = (exit: Exit, container: string): Exit =>
  shellMissing.test(exit.reason ?? '')
    ? {
        ...exit,
        reason: `There is no shell in the container "${container}"; a debug container beside it brings its own.`,
      }
    : exit

/** Looks at a container that ends, and milliseconds between them. */
const looks = 6
const looking = 400

/** How far the clocks of a cluster and of the gateway may be apart. */
const clockSlack = 5_000

/** Who was attached to a container learns only from the pod how it ended; nothing when it goes on without them. */
export async function exitOfContainer(
  look: () => Promise<Pod>,
  { container, since }: { readonly container: string; readonly since: number },
): Promise<Exit | undefined> {
  for (let count = 0; count < looks; count += 1) {
    const status = statusOf(await look(), container)
    const ended = status?.state?.terminated ?? status?.lastState?.terminated
    const at = Date.parse(ended?.finishedAt ?? '')
    if (ended?.exitCode !== undefined && at >= since - clockSlack) return { code: ended.exitCode }
    await wait(looking, undefined, { ref: false })
  }
  return undefined
}
