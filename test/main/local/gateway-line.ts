import { once } from 'node:events'
import { Agent } from 'node:https'
import { connect } from 'node:tls'
import type { GatewayLine } from '../../../main/gateway/line.ts'

/** A line of a session that the test itself ends; real TLS, by the gateway's own authority. */
export interface TestLine extends GatewayLine {
  /** What every later `token()` gives or throws. */
  setToken(token: string | Error): void
  end(): void
}

interface Way {
  readonly address: string
  readonly caPem: string
  readonly token: string
}

export function lineTo({ address, caPem, token: first }: Way): TestLine {
  const { hostname, port } = new URL(address)
  const agent = new Agent({ ca: caPem, keepAlive: true })
  const listeners = new Set<() => void>()
  let token: string | Error = first
  return {
    address,
    agent,
    async connect() {
      const socket = connect({ host: hostname, port: Number(port), ca: caPem })
      await once(socket, 'secureConnect')
      return socket
    },
    token: async () => {
      if (token instanceof Error) throw token
      return token
    },
    onEnd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setToken: (next) => (token = next),
    end() {
      for (const listener of listeners) listener()
      agent.destroy()
    },
  }
}
