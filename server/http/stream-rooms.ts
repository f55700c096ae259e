import type { Deps } from '../deps.ts'
import type { StreamRooms } from './streams.ts'

/** Which room serves which stream of the contract. */
export const streamRooms = ({
  live,
  terminals,
}: Pick<Deps, 'live' | 'terminals'>): StreamRooms => ({
  views: (viewer, _input, port) => {
    // Each view is decided for itself; a window may always ask.
    port.send({ type: 'opened' })
    live.serve(viewer, port)
  },
  terminal: (viewer, input, port) => terminals.open(viewer, input, port),
  logs: (viewer, input, port) => terminals.openLogs(viewer, input, port),
})
