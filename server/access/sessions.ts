import { randomBytes, randomUUID } from 'node:crypto'
import { Op, type Transaction, type WhereOptions } from 'sequelize'
import { AppError, unauthenticated } from '../contract/errors.ts'
import type { Database } from '../models/database.ts'
import type { Person } from '../models/person.ts'
import type { Sealing } from '../models/sealing.ts'
import type { Session } from '../models/session.ts'
import type { Changes } from './changes.ts'
import type { ConsoleAudience, Identity } from './identity.ts'
import { isGenuine, judgeGeneration, parseRefreshToken, writeRefreshToken } from './refresh.ts'
import type { SessionCache } from './session-cache.ts'
import type { Tokens } from './tokens.ts'

/** A session as it may be shown: without its secret. */
export interface OpenSession {
  readonly id: string
  readonly personId: string
  readonly personName: string
  readonly device: string
  readonly kind: Identity['session']['kind']
  readonly createdAt: Date
  readonly lastUsedAt: Date
  readonly expiresAt: Date
}

export interface DeviceSession {
  readonly person: Person
  readonly session: OpenSession
  readonly accessToken: string
  readonly accessExpiresAt: Date
  readonly refreshToken: string
}

export interface ConsoleSession {
  readonly person: Person
  readonly session: OpenSession
  /** For the HttpOnly cookie only; ends with the session. */
  readonly token: string
}

/** Who signs in, and whether what was proven still holds at the moment of writing. */
export interface Entrant {
  readonly personId: string
  readonly device: string
  /** Asked inside the transaction: a password that was changed meanwhile proves nothing any more. */
  isStillProven(person: Person): boolean
}

interface Options {
  readonly db: Database
  readonly sealing: Sealing
  readonly changes: Changes
  readonly cache: SessionCache
  readonly tokens: Tokens
  readonly sessionSeconds: number
  readonly now: () => number
}

type Kind = Identity['session']['kind']

// More than anyone has devices; beyond it the one that was longest unused makes room.
const mostSessions = 100

/** The signed-in devices of everyone: opened, refreshed, listed, ended. */
export class Sessions {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  async open(entrant: Entrant): Promise<DeviceSession> {
    const { person, session, secret } = await this.#create(entrant, 'device')
    return this.#deviceSession(person, session, secret)
  }

  async openConsole(
    entrant: Entrant,
    audience: ConsoleAudience = 'gatehouse-console',
  ): Promise<ConsoleSession> {
    const { person, session } = await this.#create(entrant, 'console')
    const token = await this.#options.tokens.sign({
      personId: person.id,
      sessionId: session.id,
      generation: session.generation,
      audience,
      expiresAt: session.expiresAt,
    })
    return { person, session: this.#shown(session, person), token }
  }

  /**
   * Exchanges a refresh token for its successor. The same token again within 30 seconds gets the
   * same successor; later it is reuse, and ends the session.
   * @throws AppError unauthenticated
   */
  async refresh(token: string): Promise<DeviceSession> {
    const { db, cache, changes, now } = this.#options
    const parsed = parseRefreshToken(token)
    const found = parsed && (await this.#find(parsed.sessionId))
    // Nothing is locked or written for a token that we never made.
    if (!parsed || !found || !isGenuine(parsed, this.#secretOf(found)))
      throw refusedRefresh('unknown')

    const answer = await db.transaction(async (transaction) => {
      const session = await this.#find(parsed.sessionId, transaction)
      const person = session && (await db.persons.findByPk(session.personId, { transaction }))
      if (!session || !person || person.disabledAt) return { status: 'ended' } as const
      const presented = judgeGeneration(parsed.generation, session, now())
      if (presented === 'unknown') return { status: 'ended' } as const
      if (presented === 'reuse') {
        await session.update({ revokedAt: new Date(now()) }, { transaction })
        return { status: 'reused' } as const
      }
      const rotatedAt = new Date(now())
      if (presented === 'current')
        await session.update(
          { generation: session.generation + 1, rotatedAt, lastUsedAt: rotatedAt },
          { transaction },
        )
      return { status: 'refreshed', session, person } as const
    })

    if (answer.status === 'reused') changes.tell({ kind: 'session', id: parsed.sessionId })
    if (answer.status !== 'refreshed') throw refusedRefresh(answer.status)
    const { session, person } = answer
    cache.rotated(session.id, session.generation)
    return this.#deviceSession(person, session, this.#secretOf(session))
  }

  /** Ends one session. Answers false when it had ended before. */
  async revoke(id: string): Promise<boolean> {
    const ended = await this.#options.db.transaction((transaction) =>
      this.#revokeWhere({ id }, transaction),
    )
    this.tellEnded(ended)
    return ended.length > 0
  }

  /**
   * Ends a person’s sessions as part of a larger change and returns their ids, for `tellEnded` after
   * the commit.
   */
  async revokeOf(
    personId: string,
    transaction: Transaction,
    except?: string,
  ): Promise<readonly string[]> {
    return this.#revokeWhere(
      { personId, ...(except !== undefined && { id: { [Op.ne]: except } }) },
      transaction,
    )
  }

  tellEnded(ids: readonly string[]): void {
    for (const id of ids) this.#options.changes.tell({ kind: 'session', id })
  }

  async find(id: string): Promise<OpenSession | undefined> {
    const [session] = await this.#list({ id })
    return session
  }

  /** Open sessions, of one person or of all, the last used first. */
  async list(personId?: string): Promise<OpenSession[]> {
    return this.#list(personId === undefined ? {} : { personId })
  }

  /** Forgets sessions that have ended by themselves, and ended ones after their time. */
  async sweep(): Promise<number> {
    const { db, now } = this.#options
    const where = { expiresAt: { [Op.lt]: new Date(now()) } }
    if ((await db.sessions.count({ where })) === 0) return 0
    return db.transaction((transaction) => db.sessions.destroy({ where, transaction }))
  }

  async #create(entrant: Entrant, kind: Kind) {
    const { db, sealing, sessionSeconds, now } = this.#options
    const id = randomUUID()
    const secret = randomBytes(32).toString('base64url')
    const createdAt = new Date(now())
    const made = await db.transaction(async (transaction) => {
      // Locked, so that a disabling or a new password comes before or after, never between.
      const person = await db.persons.findByPk(entrant.personId, {
        transaction,
        lock: transaction.LOCK.UPDATE,
      })
      if (!person || person.disabledAt || !entrant.isStillProven(person)) return undefined
      const displaced = await this.#makeRoom(person.id, transaction)
      const session = await db.sessions.create(
        {
          id,
          personId: person.id,
          device: entrant.device,
          kind,
          createdAt,
          lastUsedAt: createdAt,
          expiresAt: new Date(createdAt.getTime() + sessionSeconds * 1000),
          revokedAt: null,
          refreshSecret: sealing.seal(secret, placeOf(id)),
          generation: 1,
          rotatedAt: null,
        },
        { transaction },
      )
      return { person, session, secret, displaced }
    })
    if (!made) throw unauthenticated('The sign-in is no longer valid; try again')
    this.tellEnded(made.displaced)
    return made
  }

  async #makeRoom(personId: string, transaction: Transaction): Promise<readonly string[]> {
    const { db, now } = this.#options
    const oldest = await db.sessions.findAll({
      attributes: ['id'],
      where: { personId, revokedAt: null, expiresAt: { [Op.gt]: new Date(now()) } },
      order: [['lastUsedAt', 'DESC']],
      offset: mostSessions - 1,
      limit: mostSessions,
      transaction,
    })
    if (oldest.length === 0) return []
    return this.#revokeWhere({ id: oldest.map((it) => it.id) }, transaction)
  }

  async #revokeWhere(
    where: WhereOptions<Session>,
    transaction: Transaction,
  ): Promise<readonly string[]> {
    const { db, now } = this.#options
    const open = { [Op.and]: [where, { revokedAt: null }] }
    const sessions = await db.sessions.findAll({
      attributes: ['id'],
      where: open,
      transaction,
      lock: transaction.LOCK.UPDATE,
    })
    const ids = sessions.map((it) => it.id)
    if (ids.length > 0)
      await db.sessions.update({ revokedAt: new Date(now()) }, { where: { id: ids }, transaction })
    return ids
  }

  async #find(id: string, transaction?: Transaction): Promise<Session | null> {
    const { db, now } = this.#options
    return db.sessions.findOne({
      where: { id, kind: 'device', revokedAt: null, expiresAt: { [Op.gt]: new Date(now()) } },
      ...(transaction && { transaction, lock: transaction.LOCK.UPDATE }),
    })
  }

  async #list(where: WhereOptions<Session>): Promise<OpenSession[]> {
    const { db, now } = this.#options
    const open = { revokedAt: null, expiresAt: { [Op.gt]: new Date(now()) } }
    const sessions = await db.sessions.findAll({
      where: { [Op.and]: [where, open] },
      order: [['lastUsedAt', 'DESC']],
      include: 'person',
    })
    return sessions.flatMap((it) => (it.person ? [this.#shown(it, it.person)] : []))
  }

  async #deviceSession(person: Person, session: Session, secret: string): Promise<DeviceSession> {
    const { tokens } = this.#options
    const { id, generation, expiresAt } = session
    const accessExpiresAt = tokens.endOfAccess(expiresAt)
    const accessToken = await tokens.sign({
      personId: person.id,
      sessionId: id,
      generation,
      audience: 'gatehouse',
      expiresAt: accessExpiresAt,
    })
    const refreshToken = writeRefreshToken(id, generation, secret)
    return {
      person,
      session: this.#shown(session, person),
      accessToken,
      accessExpiresAt,
      refreshToken,
    }
  }

  #secretOf(session: Session): string {
    return this.#options.sealing.open(session.refreshSecret, placeOf(session.id))
  }

  #shown(session: Session, person: Person): OpenSession {
    const { id, device, kind, createdAt, expiresAt } = session
    const lastUsedAt = this.#options.cache.lastUsed(id) ?? session.lastUsedAt
    return {
      id,
      personId: person.id,
      personName: person.name,
      device,
      kind,
      createdAt,
      lastUsedAt,
      expiresAt,
    }
  }
}

const placeOf = (row: string) => ({ table: 'sessions', column: 'refreshSecret', row })

/** One answer for every reason; the log knows which. */
const refusedRefresh = (why: 'unknown' | 'ended' | 'reused') =>
  new AppError('unauthenticated', 'This session has ended; sign in again', {
    cause: new Error(`refresh token: ${why}`),
  })
