/** What of an open object can be shown; a link may name these and no other. */
export const drawerTabs = ['summary', 'events', 'yaml'] as const
export type DrawerTab = (typeof drawerTabs)[number]
