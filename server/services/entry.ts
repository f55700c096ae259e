import type { AccessRoom, ConsoleAudience, ConsoleSession, DeviceSession } from '../access/index.ts'
import type { Lockout } from '../auth/lockout.ts'
import { hashPassword, verifyPassword } from '../auth/passwords.ts'
import { isSetUpCode, spendSetUpCode } from '../auth/set-up-code.ts'
import { AppError, conflict, unauthenticated } from '../contract/errors.ts'
import type { Database } from '../models/database.ts'
import type { Person } from '../models/person.ts'
import type { Visitor } from '../policies/caller.ts'

export type { ConsoleAudience, DeviceSession }

export interface EntryDeps {
  readonly db: Database
  readonly access: Pick<AccessRoom, 'sessions'>
  readonly lockout: Lockout
}

export async function isSetUp({ db }: Pick<EntryDeps, 'db'>): Promise<boolean> {
  return (await db.persons.findOne({ attributes: ['id'] })) !== null
}

/** Makes the first administrator: with the printed code, and once however many try at a time. */
export async function setUp(
  { db, lockout }: Pick<EntryDeps, 'db' | 'lockout'>,
  visitor: Visitor,
  input: { readonly code: string; readonly name: string; readonly password: string },
): Promise<Person> {
  await lockout.knock(visitor.source)
  if (await isSetUp({ db })) throw alreadySetUp()
  if (!(await isSetUpCode(db, input.code))) throw wrongCode()
  const passwordHash = await hashPassword(input.password)
  return db.transaction(async (transaction) => {
    if (!(await spendSetUpCode(db, input.code, transaction))) throw wrongCode()
    if ((await db.persons.count({ transaction })) > 0) throw alreadySetUp()
    return db.persons.create({ name: input.name, passwordHash, admin: true }, { transaction })
  })
}

const alreadySetUp = () => conflict('This gateway has been set up')
const wrongCode = () => unauthenticated('This is not the set-up code that the gateway printed')

interface Credentials {
  readonly name: string
  readonly password: string
}

/** Opens a session for a device. Every way to fail has the same answer and takes as long. */
export async function signIn(
  deps: EntryDeps,
  visitor: Visitor,
  input: Credentials & { readonly device: string },
): Promise<DeviceSession> {
  return deps.access.sessions.open({
    ...(await prove(deps, visitor, input)),
    device: printable(input.device) || 'Device',
  })
}

/** Opens a session for a browser; its token belongs into an HttpOnly cookie and nowhere else. */
export async function signInConsole(
  deps: EntryDeps,
  visitor: Visitor & { readonly audience?: ConsoleAudience },
  input: Credentials,
): Promise<ConsoleSession> {
  const device = printable(visitor.userAgent).slice(0, 100) || 'Browser'
  const entrant = { ...(await prove(deps, visitor, input)), device }
  return deps.access.sessions.openConsole(entrant, visitor.audience)
}

/** A token that is refused counts against its source like a wrong password; a good one costs nothing. */
export async function refresh(
  { access, lockout }: Pick<EntryDeps, 'access' | 'lockout'>,
  visitor: Visitor,
  refreshToken: string,
): Promise<DeviceSession> {
  try {
    return await access.sessions.refresh(refreshToken)
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated')
      await lockout.knock(visitor.source)
    throw error
  }
}

async function prove({ db, lockout }: EntryDeps, { source }: Visitor, input: Credentials) {
  const name = input.name.toLowerCase()
  await lockout.knock(source)
  await lockout.attempt(name, source)
  const person = await db.persons.findOne({ where: { name } })
  const isRight = await verifyOrForgive(input.password, person?.passwordHash, () =>
    lockout.forgive(name, source),
  )
  if (!person || !isRight || person.disabledAt) {
    throw unauthenticated('Name or password is wrong')
  }
  await lockout.succeeded(name, source)
  const { id, passwordHash } = person
  return { personId: id, isStillProven: (it: Person) => it.passwordHash === passwordHash }
}

/** A gateway too busy to look at a password must not lock its person out. */
async function verifyOrForgive(
  password: string,
  stored: string | undefined,
  forgive: () => Promise<void>,
): Promise<boolean> {
  try {
    return await verifyPassword(password, stored)
  } catch (error) {
    await forgive()
    throw error
  }
}

/** Others see it in the list of sessions, also in a terminal: nothing in it may steer one. */
const printable = (text: string) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim()
