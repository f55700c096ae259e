import type { Logger } from 'pino'
import { AppError } from '../../contract/errors.ts'
import type { Database } from '../../models/database.ts'
import type { Sealing } from '../../models/sealing.ts'
import { callJson, field, statusMessage, type CallAnswer } from './call.ts'
import { upstreamError } from './connect-failure.ts'
import { keeperPlace } from './route.ts'
import type { Target } from './target.ts'
import type { Targets } from './targets.ts'
import { accountOf, isAccountName, isToken, readToken, type Account } from './token.ts'

export interface MintedToken {
  readonly token: string
  readonly expiresAt: Date
}

export interface TokenWish {
  readonly account: Account
  readonly seconds: number
}

/** Long enough to outlive a gateway that is switched off for a while; renewed once a third has passed. */
export const keeperSeconds = 90 * 86_400

/**
 * Asks a cluster for a token of an account.
 * @throws AppError naming the cluster and what is missing.
 */
export async function requestToken(
  target: Target,
  token: string | undefined,
  { account, seconds }: TokenWish,
): Promise<MintedToken> {
  const { namespace, name } = account
  if (!isAccountName(namespace) || !isAccountName(name)) throw new Error('not an account')
  const answer = await callJson(target, {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    token,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: seconds },
    },
  }).catch((error: unknown) => {
    throw upstreamError(target.clusterId, error)
  })
  const status = field(answer.body, 'status')
  const minted = field(status, 'token')
  const expiresAt = new Date(String(field(status, 'expirationTimestamp')))
  const isGood = typeof minted === 'string' && isToken(minted) && !Number.isNaN(+expiresAt)
  if (answer.status === 201 && isGood) return { token: minted, expiresAt }
  throw new NoToken(
    answer,
    `The cluster "${target.clusterId}" gave no token for the account ${namespace}/${name}`,
  )
}

/** A TokenRequest that was answered, but not with a token. */
export class NoToken extends AppError {
  readonly status: number

  constructor(answer: CallAnswer, what: string) {
    super('bad_gateway', `${what}: ${whyNoToken(answer)}`)
    this.status = answer.status
  }
}

function whyNoToken(answer: CallAnswer): string {
  const said = statusMessage(answer)
  if (answer.status === 401)
    return `it does not accept the credential that asked (${said}). Import the cluster again, or give it a new keeper token.`
  if (answer.status === 403)
    return `whoever asked may not create serviceaccounts/token for it (${said}). Add its name to the keeper’s Role.`
  if (answer.status === 404) return `there is no such account (${said}).`
  return said
}

interface Options {
  readonly db: Database
  readonly sealing: Sealing
  readonly targets: Targets
  readonly log: Logger
}

const renewalCheck = 3600 * 1000

/** The credentials that mint others. Used here only; no grant reaches one. */
export class Keepers {
  readonly #options: Options
  #timer: NodeJS.Timeout | undefined
  #renewing: Promise<void> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
  }

  start(): void {
    const look = () => {
      this.#renewing = this.#renewing.then(() => this.renewDue())
    }
    this.#timer = setInterval(look, renewalCheck).unref()
    look()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewing
  }

  async mint(clusterId: string, wish: TokenWish): Promise<MintedToken> {
    const { db, targets } = this.#options
    const row = await db.clusters.findByPk(clusterId)
    if (!row?.keeper)
      throw new AppError(
        'bad_gateway',
        `The cluster "${clusterId}" has no keeper that could mint tokens. Import it again, or give it a keeper token.`,
      )
    return requestToken(await targets.load(clusterId), this.#open(clusterId, row.keeper), wish)
  }

  /** Renews the keepers’ own tokens that are a third through their life. */
  async renewDue(now = Date.now()): Promise<void> {
    const { db, log } = this.#options
    try {
      for (const { id, keeper } of await db.clusters.findAll({ attributes: ['id', 'keeper'] }))
        if (keeper !== null) await this.#renew(id, keeper, now)
    } catch (error) {
      log.warn({ err: error }, 'the keepers could not be looked at')
    }
  }

  async #renew(clusterId: string, sealed: string, now: number): Promise<void> {
    const { db, sealing, targets, log } = this.#options
    try {
      const token = this.#open(clusterId, sealed)
      const { subject, issuedAt, expiresAt } = readToken(token)
      const account = accountOf(subject)
      // A token without an end needs no renewal; one that is no account’s cannot have one.
      if (!account || !expiresAt) return
      const begin = issuedAt?.getTime() ?? 0
      if (now < begin + (expiresAt.getTime() - begin) / 3) return
      const target = await targets.load(clusterId)
      const next = await requestToken(target, token, { account, seconds: keeperSeconds })
      const keeper = sealing.seal(next.token, keeperPlace(clusterId))
      // Only where it is still the one that was renewed: an administrator may have given another.
      await db.transaction((transaction) =>
        db.clusters.update({ keeper }, { where: { id: clusterId, keeper: sealed }, transaction }),
      )
      log.info({ cluster: clusterId, until: next.expiresAt }, 'renewed a keeper’s token')
    } catch (error) {
      log.warn({ cluster: clusterId, err: error }, 'a keeper’s token could not be renewed')
    }
  }

  #open(clusterId: string, sealed: string): string {
    return this.#options.sealing.open(sealed, keeperPlace(clusterId))
  }
}
