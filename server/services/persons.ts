import { UniqueConstraintError, type Transaction } from 'sequelize'
import type { AccessRoom, Changes } from '../access/index.ts'
import type { Lockout } from '../auth/lockout.ts'
import { hashPassword, verifyPassword } from '../auth/passwords.ts'
import { conflict, invalidField, notFound } from '../contract/errors.ts'
import type { Database } from '../models/database.ts'
import type { Person } from '../models/person.ts'
import type { Actor } from '../policies/caller.ts'
import { canLoseAdministration } from '../policies/persons.ts'

export interface PersonDeps {
  readonly db: Database
  readonly changes: Changes
  readonly access: Pick<AccessRoom, 'sessions'>
  readonly lockout: Lockout
}

export async function getPerson({ db }: Pick<PersonDeps, 'db'>, id: string): Promise<Person> {
  const person = await db.persons.findByPk(id)
  if (!person) throw notFound('This person')
  return person
}

export async function listPersons({ db }: Pick<PersonDeps, 'db'>): Promise<Person[]> {
  return db.persons.findAll({ order: [['name', 'ASC']] })
}

export async function createPerson(
  { db }: Pick<PersonDeps, 'db'>,
  input: { readonly name: string; readonly password: string; readonly admin: boolean },
): Promise<Person> {
  const { name, password, admin } = input
  const passwordHash = await hashPassword(password)
  try {
    return await db.persons.create({ name, passwordHash, admin })
  } catch (error) {
    if (error instanceof UniqueConstraintError) throw conflict(`${name} already exists`)
    throw error
  }
}

interface PersonUpdate {
  readonly id: string
  readonly admin?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly password?: string | undefined
}

/** A new password ends the person’s other sessions, disabling ends all of them, both at once. */
export async function updatePerson(
  { db, changes, access }: PersonDeps,
  actor: Actor,
  update: PersonUpdate,
): Promise<Person> {
  const { id, admin, disabled, password } = update
  const passwordHash = password === undefined ? undefined : await hashPassword(password)
  const done = await db.transaction(async (transaction) => {
    if (admin === false || disabled) await keepAdministrator(db, id, transaction)
    const person = await lockPerson(db, id, transaction)
    const isOther = admin !== undefined && admin !== person.admin
    await person.update(columnsOf(person, update, passwordHash), { transaction })
    if (!disabled && passwordHash === undefined) return { person, isOther, ended: [] }
    const except = !disabled && id === actor.personId ? actor.sessionId : undefined
    return { person, isOther, ended: await access.sessions.revokeOf(id, transaction, except) }
  })
  access.sessions.tellEnded(done.ended)
  if (disabled) changes.tell({ kind: 'person', id })
  if (done.isOther) changes.tell({ kind: 'administration', id })
  return done.person
}

function columnsOf(
  person: Person,
  { admin, disabled }: PersonUpdate,
  passwordHash: string | undefined,
) {
  const disabledAt = disabled ? (person.disabledAt ?? new Date()) : null
  return {
    ...(admin !== undefined && { admin }),
    ...(disabled !== undefined && { disabledAt }),
    ...(passwordHash !== undefined && { passwordHash }),
  }
}

export async function removePerson({ db, changes }: PersonDeps, id: string): Promise<void> {
  await db.transaction(async (transaction) => {
    await keepAdministrator(db, id, transaction)
    const person = await lockPerson(db, id, transaction)
    await person.destroy({ transaction })
  })
  changes.tell({ kind: 'person', id })
}

/** Needs the current password, whose guessing counts like a sign-in; ends every other session. */
export async function changePassword(
  { db, access, lockout }: PersonDeps,
  actor: Actor,
  { current, next }: { readonly current: string; readonly next: string },
): Promise<void> {
  const known = await getPerson({ db }, actor.personId)
  await lockout.attempt(known.name, actor.source)
  if (!(await verifyPassword(current, known.passwordHash)))
    throw invalidField('current', 'is not your password')
  await lockout.succeeded(known.name, actor.source)
  const passwordHash = await hashPassword(next)
  const ended = await db.transaction(async (transaction) => {
    const person = await lockPerson(db, actor.personId, transaction)
    if (person.passwordHash !== known.passwordHash)
      throw conflict('The password was changed at the same time; sign in with the new one')
    await person.update({ passwordHash }, { transaction })
    return access.sessions.revokeOf(person.id, transaction, actor.sessionId)
  })
  access.sessions.tellEnded(ended)
}

async function lockPerson(db: Database, id: string, transaction: Transaction): Promise<Person> {
  const person = await db.persons.findByPk(id, { transaction, lock: transaction.LOCK.UPDATE })
  if (!person) throw notFound('This person')
  return person
}

/** Locks all administrators, in one order, so that the last two cannot unmake each other at once. */
async function keepAdministrator(db: Database, id: string, transaction: Transaction) {
  const admins = await db.persons.findAll({
    where: { admin: true, disabledAt: null },
    order: [['id', 'ASC']],
    transaction,
    lock: transaction.LOCK.UPDATE,
  })
  const ids = admins.map((it) => it.id)
  if (ids.includes(id) && !canLoseAdministration(id, ids))
    throw conflict('This is the last administrator; make another one first')
}
