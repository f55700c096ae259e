import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import type { EventFilter } from '#gateway/events.ts'
import type { Person } from '#gateway/persons.ts'
import { gateway } from './bridge.ts'
import { useSession } from './session.ts'

export const clustersOfGateway = queryOptions({
  queryKey: ['clusters'],
  queryFn: () => gateway.clusters.list({}),
})

export const profilesOf = (clusterId: string) =>
  queryOptions({
    queryKey: ['profiles', clusterId],
    queryFn: () => gateway.profiles.list({ clusterId }),
    enabled: clusterId !== '',
  })

export const personsOfGateway = queryOptions({
  queryKey: ['persons'],
  queryFn: () => gateway.persons.list({}),
})

export const grantsOfGateway = queryOptions({
  queryKey: ['grants'],
  queryFn: () => gateway.grants.list({}),
})

/** One’s own sessions, or everybody’s for an administrator. */
export const openSessions = (everyone: boolean) =>
  queryOptions({
    queryKey: ['sessions', everyone],
    queryFn: () => gateway.sessions.list({ everyone: everyone ? 'true' : 'false' }),
    refetchInterval: 15_000,
  })

const eventsAtOnce = 100

/** Audit records that fit a filter, newest first, a page at a time. */
export const eventsOf = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ['events', filter],
    queryFn: ({ pageParam }) =>
      gateway.events.list({
        ...filter,
        limit: eventsAtOnce,
        ...(pageParam !== '' && { before: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

/** Where the audit chain stands, asked again while it is looked at. */
export const auditChain = queryOptions({
  queryKey: ['events', 'chain'],
  queryFn: () => gateway.events.chain({}),
  refetchInterval: 10_000,
})

/** A change of the gateway, and what it makes stale: the first words of query keys. */
export function useChange<I, O>(change: (input: I) => Promise<O>, stale: readonly string[]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all(stale.map((name) => client.invalidateQueries({ queryKey: [name] }))),
  })
}

/** Whoever changes their own account sees at once what is left of it. */
async function updatePerson(input: Parameters<typeof gateway.persons.update>[0]): Promise<Person> {
  const person = await gateway.persons.update(input)
  const session = useSession.getState()
  if (session.status === 'signed in' && session.person.id === person.id)
    useSession.setState({ ...session, person }, true)
  return person
}

export const changes = {
  importCluster: gateway.clusters.importContext,
  inspectKubeconfig: gateway.clusters.inspectKubeconfig,
  removeCluster: gateway.clusters.remove,
  registerCluster: gateway.clusters.register,
  testCluster: gateway.clusters.test,
  updateCluster: gateway.clusters.update,
  createStaticProfile: gateway.profiles.createStatic,
  createMintedProfile: gateway.profiles.createMinted,
  replaceToken: gateway.profiles.replaceToken,
  removeProfile: gateway.profiles.remove,
  createPerson: gateway.persons.create,
  updatePerson,
  removePerson: gateway.persons.remove,
  createGrant: gateway.grants.create,
  removeGrant: gateway.grants.remove,
  revokeSession: gateway.sessions.revoke,
  changePassword: gateway.persons.changePassword,
} as const
