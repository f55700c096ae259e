/** What main says to the process that holds a terminal. */
export type ToPtyHost =
  | {
      readonly type: 'start'
      readonly program: string
      readonly args: readonly string[]
      readonly folder: string
      readonly env: Readonly<Record<string, string>>
      readonly columns: number
      readonly rows: number
    }
  | { readonly type: 'write'; readonly bytes: Uint8Array }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  /** Bytes of output that the window has worked off. */
  | { readonly type: 'ack'; readonly count: number }

/** And what it answers. */
export type FromPtyHost =
  | { readonly type: 'started' }
  | { readonly type: 'output'; readonly bytes: Uint8Array }
  | { readonly type: 'exit'; readonly code: number; readonly signal: number | undefined }
  | { readonly type: 'failed'; readonly reason: string }

/** A process that runs `pty-host`: Electron's utility process, or in a test one of Node's. */
export interface PtyHost {
  post(message: ToPtyHost): void
  onMessage(listener: (message: FromPtyHost) => void): void
  /** Once, when the process is gone for whatever reason. */
  onExit(listener: () => void): void
  kill(): void
}
