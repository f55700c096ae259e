/** Which Electron: the one that package.json names, or the older one that drives the tests without it. */
export type Lane = 'pinned' | 'electron22'

export interface Electron {
  readonly lane: Lane
  readonly version: string
  /** The whole distribution, as it was released. */
  readonly folder: string
  readonly executable: string
}
