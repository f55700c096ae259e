import { create } from 'zustand'

/** How the window’s one stream of views is doing; what it shows is only as fresh as this. */
export interface Connection {
  readonly status: 'idle' | 'connecting' | 'open' | 'lost'
  /** When it was last known to work; while it is lost. */
  readonly since: number
  readonly reason?: string
}

export const useConnection = create<Connection>(() => ({ status: 'idle', since: 0 }))
