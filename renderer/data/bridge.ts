import {
  desktopApi,
  type Bridge,
  type DesktopEvent,
  type DesktopStream,
  desktopEvents,
  type Reply,
} from '#bridge'
import { createGatewayClient, type GatewayRequest } from '#gateway/client.ts'
import { AppError, ErrorBody } from '#gateway/errors.ts'
import { gatewayApi, type Gateway } from '#gateway'
import { createClient, type Client } from '#gateway/operation.ts'
import type { z } from 'zod'
import { openPort } from './port.ts'
import { openSocket } from './socket.ts'
import type { StreamEars, StreamLink } from './stream-messages.ts'

export type { StreamEars, StreamLink }

declare global {
  interface Window {
    /** Put there by preload; a browser has none. */
    readonly bridge?: Bridge
  }
}

const wire = window.bridge

/** Where this renderer lives. Nothing else in it asks. */
export const home: 'desktop' | 'web' = wire ? 'desktop' : 'web'

/** The gateway’s contract, whoever carries it. No token is ever on this side. */
export const gateway: Gateway = wire
  ? createClient(gatewayApi, async (name, _call, input) => unwrap(await wire.gateway(name, input)))
  : createGatewayClient(overFetch)

/** What only the app has: forwards, the machine’s shell, several gateways. */
export const desktop: Client<typeof desktopApi> | undefined =
  wire &&
  createClient(desktopApi, async (name, _call, input) => unwrap(await wire.desktop(name, input)))

/** Listens to what main says without being asked; in a browser nothing is ever said. */
export function onDesktop<E extends DesktopEvent>(
  event: E,
  listener: (value: z.output<(typeof desktopEvents)[E]>) => void,
): () => void {
  if (!wire) return () => undefined
  const schema: z.ZodType = desktopEvents[event]
  return wire.on(event, (value) => {
    listener(schema.parse(value) as z.output<(typeof desktopEvents)[E]>)
  })
}

/** Opens a stream of the contract; its input is checked at the other end. */
export function openStream(name: DesktopStream, input: unknown, ears: StreamEars): StreamLink {
  return wire ? openPort(wire, { name, input }, ears) : openSocket(name, input, ears)
}

function unwrap(reply: Reply): unknown {
  if (reply.ok) return reply.value
  throw AppError.from(ErrorBody.parse(reply.error))
}

async function overFetch({ method, path, query, body }: GatewayRequest) {
  const answer = await fetch(`/api${path}${query && `?${query}`}`, {
    method,
    credentials: 'same-origin',
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  const text = await answer.text()
  return { status: answer.status, body: parse(text) }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return text
  }
}
