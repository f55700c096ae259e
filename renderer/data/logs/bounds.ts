import type { Bounds } from './store.ts'

/** What one pane may keep; the oldest lines go first, and the pane says so. */
export const deskBounds: Bounds = { lines: 1_000_000, chars: 400_000_000 }
