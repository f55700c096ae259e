import type { Bounds } from './window-options.ts'

/** A window as the app uses it; made by platform/window.ts only. */
export interface AppWindow {
  /** Of its page, by which messages are told apart. */
  readonly pageId: number
  load(url: string): void
  /** Shows it, in front and with the keyboard. */
  raise(): void
  hide(): void
  maximize(): void
  destroy(): void
  bounds(): Required<Bounds>
  isMaximized(): boolean
  setBackground(color: string): void
  send(channel: string, value: unknown): void
  /** The first picture is there. */
  onReady(listener: () => void): void
  onMoved(listener: () => void): void
  /** The page is being replaced by another one, or loaded again. */
  onLeft(listener: () => void): void
  onCrashed(listener: (reason: string) => void): void
  onHung(listener: () => void): void
  /** Before it closes; with false it stays. */
  onClose(listener: () => boolean): void
  onClosed(listener: () => void): void
}
