import type { Handlers } from '../contract/operation.ts'
import type { Person as PersonOnWire, persons } from '../contract/persons.ts'
import type { Person } from '../models/person.ts'
import type { Actor } from '../policies/caller.ts'
import {
  changePassword,
  createPerson,
  getPerson,
  listPersons,
  removePerson,
  updatePerson,
  type PersonDeps,
} from '../services/persons.ts'

export const personRoutes = (deps: PersonDeps): Handlers<typeof persons, Actor> => ({
  me: async (_, actor) => presentPerson(await getPerson(deps, actor.personId)),
  changePassword: (input, actor) => changePassword(deps, actor, input),
  list: async () => (await listPersons(deps)).map(presentPerson),
  create: async (input) => presentPerson(await createPerson(deps, input)),
  update: async (input, actor) => presentPerson(await updatePerson(deps, actor, input)),
  remove: ({ id }) => removePerson(deps, id),
})

/** Everything of a person that may leave the gateway. */
export const presentPerson = ({
  id,
  name,
  admin,
  disabledAt,
  createdAt,
}: Person): PersonOnWire => ({
  id,
  name,
  admin,
  disabled: disabledAt !== null,
  createdAt: createdAt.toISOString(),
})
