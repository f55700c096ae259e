import { useQuery } from '@tanstack/react-query'
import { contextsOfPerson } from '../data/contexts.ts'
import { placeOf, samePlace, usePlaces } from './places.ts'
import { useRoute } from './route.ts'
import { terminalPlace, type TerminalPlace } from './terminal-place.ts'

/** The clusters that are looked at, as far as the person holds them. */
export function useTerminalPlaces(): readonly TerminalPlace[] {
  const places = usePlaces()
  const route = useRoute()
  const { data: contexts = [] } = useQuery(contextsOfPerson)
  return places.flatMap((place) => {
    const context = contexts.find((it) => samePlace(placeOf(it), place))
    return context ? [terminalPlace(context, route)] : []
  })
}
