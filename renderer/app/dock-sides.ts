/** Which of the dock’s tabs are seen: one, or two side by side. */
export interface DockSides {
  readonly activeId: string | undefined
  /** What stands on the right of the active one. */
  readonly besideId: string | undefined
}

/** A tab that stands on the right already changes places with the active one. */
export const showSide = ({ activeId, besideId }: DockSides, id: string): DockSides =>
  id === besideId ? { activeId: id, besideId: activeId } : { activeId: id, besideId }

/** Two side by side, the one after the active; or only the active one again. */
export function toggleSides({ activeId, besideId }: DockSides, ids: readonly string[]): DockSides {
  if (besideId !== undefined || activeId === undefined) return { activeId, besideId: undefined }
  const at = ids.indexOf(activeId)
  const other = ids[at + 1] ?? ids[at - 1]
  return { activeId, besideId: other }
}

/** What is seen once a tab is closed; whatever stood beside it stays where there is room. */
export function closeSide(
  { activeId, besideId }: DockSides,
  id: string,
  ids: readonly string[],
): DockSides {
  if (id === besideId) return { activeId, besideId: undefined }
  if (id !== activeId) return { activeId, besideId }
  const at = ids.indexOf(id)
  const next = besideId ?? ids[at + 1] ?? ids[at - 1]
  return { activeId: next, besideId: undefined }
}
