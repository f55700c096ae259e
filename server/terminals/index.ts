import type { LogsInput, StreamPort, TerminalInput } from '../contract/streams.ts'
import type { Viewer } from '../policies/caller.ts'
import { LogStream } from './log-stream.ts'
import type { RoomDeps } from './room-deps.ts'
import { Terminal } from './terminal.ts'

/** Programs in pods and what they print. Listeners are on the port when a call returns. */
export interface Terminals {
  /** exec, attach, and containers to debug from. */
  open(viewer: Viewer, input: TerminalInput, port: StreamPort): void
  openLogs(viewer: Viewer, input: LogsInput, port: StreamPort): void
}

export const createTerminals = (deps: RoomDeps): Terminals => ({
  open: (viewer, input, port) => void new Terminal(deps, viewer, input, port).run(),
  openLogs: (viewer, input, port) => void new LogStream(deps, viewer, input, port).run(),
})
