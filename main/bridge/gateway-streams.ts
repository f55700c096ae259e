import { AppError } from '#gateway/errors.ts'
import { streams, type StreamName, type StreamPort } from '#gateway/streams.ts'
import type { GatewayStream, StreamEars } from '../gateway/stream.ts'
import { upLimits } from './limits.ts'
import type { OpenStream } from './streams.ts'

/** What opens a stream at the gateway that is looked at. */
export interface StreamSource {
  openStream(name: StreamName, input: unknown, ears: StreamEars): GatewayStream
}

/** The gateway's streams, each laid through from its WebSocket to a window's port. */
export function gatewayStreams(
  source: () => StreamSource | undefined,
): Readonly<Record<StreamName, OpenStream>> {
  const entries = Object.keys(streams).map((name) => {
    const open = (input: unknown, port: StreamPort) => {
      const device = source()
      if (!device) throw new AppError('unauthenticated', 'Choose a gateway first')
      lay(device, { name: name as StreamName, input }, port)
    }
    return [name, open] as const
  })
  return Object.fromEntries(entries) as unknown as Record<StreamName, OpenStream>
}

/** Down, the gateway's window of unacknowledged bytes bounds what is under way; up, a rate and this. */
function lay(
  device: StreamSource,
  { name, input }: { readonly name: StreamName; readonly input: unknown },
  port: StreamPort,
): void {
  const far = device.openStream(name, input, {
    text(text) {
      port.sendText(text)
    },
    bytes(bytes) {
      port.sendBytes(bytes)
    },
    ended(error) {
      // Without an error the stream's own last word has been said.
      if (error) port.fail(error)
      else port.end()
    },
  })
  port.onClose(() => {
    far.close()
  })
  const bounded = (send: () => void) => {
    if (far.waiting > upLimits.waiting) port.close('The gateway takes less than the window sends')
    else send()
  }
  port.onMessage((message: unknown) => {
    bounded(() => {
      far.sendText(JSON.stringify(message))
    })
  })
  port.onBytes((bytes) => {
    bounded(() => {
      far.sendBytes(bytes)
    })
  })
}
