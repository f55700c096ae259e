import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { InNamespace, type Place } from '#gateway/place.ts'
import { FormError } from '../components/FormError.tsx'
import { makeNamespace } from '../data/objects.ts'
import { useMay } from '../data/rights.ts'
import { useTexts } from '../texts/texts.ts'

interface MakeNamespaceProps {
  readonly places: readonly Place[]
  readonly name: string
  readonly onMade: () => void
}

/** Offers to make the namespace that was looked for and not found, where it is clear in which cluster. */
export function MakeNamespace({ places, name, onMade }: MakeNamespaceProps) {
  const t = useTexts('frame')
  const [place, ...others] = places
  const asked = place && others.length === 0 && InNamespace.safeParse(name).success
  const [may] = useMay(
    place ?? { cluster: '', profile: '' },
    asked ? [{ verb: 'create', group: '', resource: 'namespaces' }] : [],
  )
  const make = useMutation({
    mutationFn: (where: Place) => makeNamespace(where, name),
    onSuccess: onMade,
  })
  if (!asked || may?.status !== 'allowed') return null
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        mt={6}
        maw="100%"
        loading={make.isPending}
        onClick={() => {
          make.mutate(place)
        }}
      >
        {t('namespaceMake', { name })}
      </Button>
      <FormError error={make.error} />
    </>
  )
}
