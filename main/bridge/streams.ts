import type { DesktopStream, desktopStreams } from '#bridge'
import { AppError, invalidInput, toErrorBody } from '#gateway/errors.ts'
import type { StreamContract, StreamPort } from '#gateway/streams.ts'
import type { Guard } from './guard.ts'
import { portsAtOnce } from './limits.ts'
import type { Asking, Frame } from './sender.ts'
import { reply, type Ipc } from './serve.ts'
import { WindowStream, type WindowPort } from './stream-port.ts'

/** Opens the far end of a stream whose window is there; what it throws is told as `failed`. */
export type OpenStream = (input: never, port: StreamPort) => void | Promise<void>

interface StreamService {
  readonly ipc: Ipc
  readonly guard: Guard
  readonly contracts: typeof desktopStreams
  readonly openers: Readonly<Record<DesktopStream, OpenStream>>
  /** Makes a channel and gives one end to a frame, under a nonce. */
  readonly connect: (frame: Frame, nonce: string) => WindowPort
  readonly failed: (channel: string, error: unknown) => void
}

export interface Streams {
  /** The page of this window has gone or moved on: what it had open ends. */
  closeAll(windowId: number): void
}

/** Offers the streams of the contract to the window, each on a port of its own. */
export function serveStreams(service: StreamService): Streams {
  const { ipc, guard, contracts, connect, failed } = service
  const open = new Map<number, Set<WindowStream>>()
  for (const [name, contract] of Object.entries(contracts)) {
    const channel = `stream:${name}`
    const opener = service.openers[name as DesktopStream]
    ipc.handle(channel, (event, nonce, input) =>
      reply(channel, failed, () => {
        const done = guard.admit(event, channel, input)
        try {
          begin(event, { contract, opener, nonce, input })
        } finally {
          done()
        }
        return Promise.resolve(undefined)
      }),
    )
  }

  return {
    closeAll(windowId) {
      for (const stream of open.get(windowId) ?? []) stream.cut('The page has gone')
      open.delete(windowId)
    },
  }

  function begin(
    { sender, senderFrame }: Asking,
    it: { contract: StreamContract; opener: OpenStream; nonce: unknown; input: unknown },
  ): void {
    const mine = open.get(sender.id) ?? new Set()
    if (mine.size >= portsAtOnce)
      throw new AppError('rate_limited', 'Too much is open in this window: close something first')
    const parsed = it.contract.input.safeParse(it.input)
    if (!parsed.success) throw invalidInput(parsed.error)
    if (senderFrame === null) throw new AppError('forbidden', 'The page has gone')
    const stream = new WindowStream(connect(senderFrame, nonceFrom(it.nonce)), it.contract)
    open.set(sender.id, mine.add(stream))
    stream.onClose(() => mine.delete(stream))
    const fail = (error: unknown) => {
      failed('stream', error)
      stream.fail(toErrorBody(error))
    }
    try {
      void Promise.resolve(it.opener(parsed.data as never, stream)).catch(fail)
    } catch (error) {
      fail(error)
    }
    stream.start()
  }
}

function nonceFrom(nonce: unknown): string {
  if (typeof nonce === 'string' && /^[\w-]{8,100}$/.test(nonce)) return nonce
  throw new AppError('invalid_input', 'A port is named by 8 to 100 letters and digits')
}
