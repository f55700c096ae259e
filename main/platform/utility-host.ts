import { utilityProcess } from 'electron'
import type { FromPtyHost, PtyHost } from '../terminals/pty-protocol.ts'

/** Starts the bundle of `pty-host.ts` as a process of its own. */
export function startUtilityHost(path: string): PtyHost {
  const child = utilityProcess.fork(path, [], { serviceName: 'Gatehouse terminal' })
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) =>
      void child.on('message', (message: unknown) => listener(message as FromPtyHost)),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => void child.kill(),
  }
}
