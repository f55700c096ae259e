import { useEffect } from 'react'
import { pluralTitle } from './kind-groups.ts'
import { remember } from './prefs.ts'
import { hashOf, type ListRoute } from './route-text.ts'
import { useKindIn } from './use-kinds.ts'

/** Lists are among what the palette leads back to, without their filters; what is opened from one is by itself. */
export function useRememberedList({ places, kind, namespaces, open }: ListRoute): void {
  const known = useKindIn(places, kind)
  const title = known && [pluralTitle(known), namespaces?.join(', ')].filter(Boolean).join(' · ')
  const path = hashOf({ screen: 'list', places, kind, ...(namespaces && { namespaces }) })
  const isOpen = open !== undefined
  useEffect(() => {
    if (title && !isOpen) remember(title, path)
  }, [title, path, isOpen])
}
