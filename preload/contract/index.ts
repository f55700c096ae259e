import { z } from 'zod'
import { streams, TerminalDown, TerminalUp } from '#gateway/streams.ts'
import { forwards, Forward } from './forwards.ts'
import { gateways } from './gateways.ts'
import { LocalTerminalInput } from './local-terminal.ts'
import { MenuCommand } from './menu.ts'
import { session, SessionState } from './session.ts'
import { shell } from './shell.ts'

/** What the desktop app offers its own window, beside the gateway's API. */
export const desktopApi = { gateways, session, forwards, shell }

/** What main says without being asked. */
export const desktopEvents = {
  session: SessionState,
  forwards: z.array(Forward),
  /** A deep link or the menu leads somewhere: a path of the renderer's router. */
  navigate: z.object({ path: z.string().max(2000) }),
  /** The menu asks for something that belongs to what the window shows. */
  menu: z.object({ command: MenuCommand }),
  /** The machine slept or the network came back: what is shown is to be checked. */
  woke: z.object({ asleepSeconds: z.number() }),
}
export type DesktopEvent = keyof typeof desktopEvents

/** What a window may open as a port: the gateway's streams and the local terminal. */
export const desktopStreams = {
  ...streams,
  localTerminal: {
    input: LocalTerminalInput.strict(),
    up: TerminalUp,
    down: TerminalDown,
    bytes: true,
  },
}
export type DesktopStream = keyof typeof desktopStreams

/** An answer over IPC, where errors would lose everything but their message. */
export type Reply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

/**
 * The wire that preload puts on `window.bridge`. A port cannot pass the context bridge: `open` names it by a
 * nonce, and main's end arrives as a window message `{ gatehousePort: nonce }` carrying the MessagePort.
 */
export interface Bridge {
  gateway(name: string, input: unknown): Promise<Reply>
  desktop(name: string, input: unknown): Promise<Reply>
  on(event: DesktopEvent, listener: (value: unknown) => void): () => void
  /** Resolves when the port was posted; the stream's own `opened` or `failed` travels on it. */
  open(stream: string, nonce: string, input: unknown): Promise<Reply>
}
