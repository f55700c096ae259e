/** A moment as people here write it; empty where there is none. */
export const timeText = (moment: string | undefined): string =>
  moment === undefined
    ? ''
    : new Date(moment).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** The same to the second, for what must be put in order. */
export const preciseTime = (moment: string): string =>
  new Date(moment).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  })
