import type { Kind } from '#gateway/kinds.ts'
import type { Place } from '#gateway/place.ts'
import { StatusMark } from '../components/StatusMark.tsx'
import { useView } from '../data/views.ts'
import { useTexts } from '../texts/texts.ts'
import { tellingKinds } from './telling-kinds.ts'

interface Where {
  readonly places: readonly Place[]
  readonly namespaces: readonly string[] | undefined
}

/** Whether something fails in a group of kinds that is closed. */
export function GroupMark({ kinds, ...where }: Where & { readonly kinds: readonly Kind[] }) {
  const t = useTexts('frame')
  const told = tellingKinds(kinds)
  const counts = [
    useFailing(told[0], where),
    useFailing(told[1], where),
    useFailing(told[2], where),
    useFailing(told[3], where),
    useFailing(told[4], where),
  ]
  const count = counts.reduce((sum, it) => sum + it, 0)
  return count > 0 && <StatusMark tone="failed" label={t('failing', { count })} />
}

function useFailing(kind: Kind | undefined, { places, namespaces }: Where): number {
  const { tones } = useView(
    kind && {
      sources: [...places],
      group: kind.group,
      version: kind.version,
      resource: kind.resource,
      ...(namespaces && kind.namespaced && { namespaces: [...namespaces] }),
      sort: [],
      offset: 0,
      limit: 0,
    },
  )
  return tones.failed ?? 0
}
