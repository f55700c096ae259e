import type { Place } from '#gateway/place.ts'

/** Only where something is: an input with a field too many is refused by the gateway. */
export const placeOnly = ({ cluster, profile }: Place): Place => ({ cluster, profile })
