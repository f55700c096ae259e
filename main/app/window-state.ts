import type { Bounds } from './window-options.ts'
import { readState, writeState } from '../platform/state-file.ts'

export type Theme = 'light' | 'dark' | 'system'

/** How the window was left, so that the next start opens it there and in the right colour. */
export interface WindowState {
  readonly bounds: Bounds
  readonly maximized: boolean
  readonly theme: Theme
}

const usual: WindowState = {
  bounds: { width: 1280, height: 800 },
  maximized: false,
  theme: 'system',
}

const least = { width: 720, height: 480 }
/** As much of the title bar must be on a screen that it can be taken hold of. */
const graspable = { width: 120, height: 40 }

/** What was kept; damage costs the old place of the window and nothing more. */
export function readWindowState(file: string): WindowState {
  try {
    return parse(JSON.parse(readState(file) ?? '{}'))
  } catch {
    return usual
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  writeState(file, JSON.stringify(state))
}

// By hand: a schema would load zod before the window is there.
function parse(value: unknown): WindowState {
  const { bounds, maximized, theme } = Object(value) as Partial<Record<keyof WindowState, unknown>>
  return {
    bounds: isBounds(bounds) ? bounds : usual.bounds,
    maximized: maximized === true,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
  }
}

const isBounds = (value: unknown): value is Bounds => {
  const { x, y, width, height } = Object(value) as Partial<Record<keyof Bounds, unknown>>
  const whole = (it: unknown): it is number =>
    Number.isInteger(it) && Math.abs(Number(it)) < 100_000
  return (
    whole(width) && whole(height) && (x === undefined || whole(x)) && (y === undefined || whole(y))
  )
}

type Area = Required<Bounds>

/** The place of the window on the screens there are now: one that was unplugged shows nothing. */
export function placeOn(areas: readonly Area[], bounds: Bounds): Bounds {
  const room = areas.find((area) => overlaps(area, bounds)) ?? areas[0]
  if (!room) return { width: bounds.width, height: bounds.height }
  const width = within(bounds.width, least.width, room.width)
  const height = within(bounds.height, least.height, room.height)
  const { x, y } = bounds
  if (x === undefined || y === undefined || !overlaps(room, bounds)) return { width, height }
  return { x, y, width, height }
}

const within = (value: number, low: number, high: number) =>
  Math.max(Math.min(value, high), Math.min(low, high))

/** Whether the title bar can be reached in this area. */
function overlaps(area: Area, { x, y, width }: Bounds): boolean {
  if (x === undefined || y === undefined) return false
  const shared = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
  return (
    shared >= graspable.width && y >= area.y - 8 && y + graspable.height <= area.y + area.height
  )
}
