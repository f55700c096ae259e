import type { Changes } from '../access/index.ts'
import type { Capability, Preset, Scope } from '../contract/grants.ts'
import { notFound } from '../contract/errors.ts'
import type { Database } from '../models/database.ts'
import type { Grant } from '../models/grant.ts'
import type { Actor } from '../policies/caller.ts'
import { endOf, scopeOf } from '../policies/grants.ts'

export interface GrantDeps {
  readonly db: Database
  readonly changes: Changes
}

/** A grant with the names of what it connects. */
export interface NamedGrant {
  readonly grant: Grant
  readonly personName: string
  readonly profileName: string
}

const names = ['person', 'profile']

export async function listGrants(
  { db }: Pick<GrantDeps, 'db'>,
  {
    personId,
    clusterId,
  }: { readonly personId?: string | undefined; readonly clusterId?: string | undefined },
): Promise<NamedGrant[]> {
  const grants = await db.grants.findAll({
    where: { ...(personId && { personId }), ...(clusterId && { clusterId }) },
    include: names,
    order: [['createdAt', 'ASC']],
  })
  return grants.map(named)
}

interface GrantInput {
  readonly personId: string
  readonly profileId: string
  readonly preset?: Preset | undefined
  readonly namespaces?: Scope['namespaces']
  readonly rules?: Scope['rules'] | undefined
  readonly capabilities?: readonly Capability[] | undefined
  readonly expiresAt?: string | undefined
}

export async function createGrant(
  { db, changes }: GrantDeps,
  actor: Actor,
  input: GrantInput,
): Promise<NamedGrant> {
  const scope = scopeOf(input)
  const expiresAt = endOf(input.expiresAt, Date.now())
  const made = await db.transaction(async (transaction) => {
    // Locked until the commit: neither may be removed while a grant on it is being made.
    const lock = transaction.LOCK.KEY_SHARE
    const person = await db.persons.findByPk(input.personId, { transaction, lock })
    if (!person) throw notFound('This person')
    const profile = await db.profiles.findByPk(input.profileId, { transaction, lock })
    if (!profile) throw notFound('This profile')
    const grant = await db.grants.create(
      {
        personId: person.id,
        profileId: profile.id,
        clusterId: profile.clusterId,
        scope,
        expiresAt,
        createdBy: actor.personId,
      },
      { transaction },
    )
    return { grant, personName: person.name, profileName: profile.name }
  })
  changes.tell({ kind: 'grant', id: made.grant.id })
  return made
}

/** When it returns, no stream is left that only this grant allowed. */
export async function removeGrant({ db, changes }: GrantDeps, id: string): Promise<void> {
  const removed = await db.transaction((transaction) =>
    db.grants.destroy({ where: { id }, transaction }),
  )
  if (removed === 0) throw notFound('This grant')
  changes.tell({ kind: 'grant', id })
}

function named(grant: Grant): NamedGrant {
  const { person, profile } = grant
  if (!person || !profile) throw new Error('a grant was read without its names')
  return { grant, personName: person.name, profileName: profile.name }
}
