import type { Gateway } from '../../../server/contract/index.ts'
import type { SamplePerson } from './passwords.ts'

/** Makes the sample people and their grants, those that are not there yet. */
export async function makePeople(
  { persons, profiles, grants }: Gateway,
  clusterId: string,
  people: readonly SamplePerson[],
): Promise<void> {
  const known = await persons.list({})
  const theirs = await grants.list({ clusterId })
  const offered = await profiles.list({ clusterId })
  for (const { name, password, preset, namespaces } of people) {
    const person =
      known.find((it) => it.name === name) ??
      (await persons.create({ name, password, admin: false }))
    const profile = offered.find((it) => it.name === preset)
    if (!profile) throw new Error(`The cluster ${clusterId} has no profile ${preset}`)
    if (theirs.some((it) => it.personId === person.id && it.profileId === profile.id)) continue
    await grants.create({
      personId: person.id,
      profileId: profile.id,
      preset,
      ...(namespaces && { namespaces: [...namespaces] }),
    })
  }
}
