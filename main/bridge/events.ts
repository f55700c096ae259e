import { desktopEvents, type DesktopEvent } from '#bridge'
import type { z } from 'zod'

/** Says something to every window that is there; Electron's `webContents.send` underneath. */
export type Tell = (channel: string, value: unknown) => void

/** What is said passes its schema, so that nothing beside the contract leaves main. */
export function emit<E extends DesktopEvent>(
  tell: Tell,
  event: E,
  value: z.input<(typeof desktopEvents)[E]>,
): void {
  tell(`event:${event}`, desktopEvents[event].parse(value))
}
