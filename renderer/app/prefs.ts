import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export type Density = 'compact' | 'normal' | 'roomy'

export interface ColumnPrefs {
  /** Differences from what is shown by itself. */
  readonly shown: Readonly<Record<string, boolean>>
  readonly widths: Readonly<Record<string, number>>
}

export interface SavedFilter {
  readonly name: string
  readonly line: string
}

/** What a person likes, on this machine. Nothing here is a secret or says what is in a cluster. */
export interface Prefs {
  readonly density: Density
  readonly treeOpen: boolean
  readonly drawerWidth: number
  readonly drawerPinned: boolean
  /** Groups of the kind tree that are open. */
  readonly groups: readonly string[]
  /** `deployments.apps` */
  readonly favourites: readonly string[]
  readonly clusterOrder: readonly string[]
  /** The profile that was used last in each cluster. */
  readonly profiles: Readonly<Record<string, string>>
  readonly columns: Readonly<Record<string, ColumnPrefs>>
  readonly filters: Readonly<Record<string, readonly SavedFilter[]>>
  /** Addresses of views, newest first. */
  readonly recent: readonly { readonly title: string; readonly path: string }[]
}

const first: Prefs = {
  density: 'normal',
  treeOpen: true,
  drawerWidth: 560,
  drawerPinned: false,
  groups: ['workloads'],
  favourites: [],
  clusterOrder: [],
  profiles: {},
  columns: {},
  filters: {},
  recent: [],
}

export const usePrefs = create<Prefs>()(
  persist(() => first, { name: 'gatehouse.prefs', version: 1 }),
)

export const setPrefs = (change: Partial<Prefs>): void => {
  usePrefs.setState(change)
}

export const toggled = (list: readonly string[], item: string): readonly string[] =>
  list.includes(item) ? list.filter((it) => it !== item) : [...list, item]

/** Remembers where somebody was, for the palette. */
export function remember(title: string, path: string): void {
  const { recent } = usePrefs.getState()
  if (recent[0]?.path === path) return
  setPrefs({ recent: [{ title, path }, ...recent.filter((it) => it.path !== path)].slice(0, 12) })
}
