import type { Logger } from 'pino'
import type { Access } from '../../access/index.ts'
import { AppError, forbidden } from '../../contract/errors.ts'
import type { Database } from '../../models/database.ts'
import type { Profile } from '../../models/profile.ts'
import type { Sealing } from '../../models/sealing.ts'
import type { ExpiryWatch } from './expiry-watch.ts'
import type { Keepers } from './keeper.ts'
import { credentialPlace } from './route.ts'
import type { Target } from './target.ts'
import type { Targets } from './targets.ts'

/** Where a call goes and the credential it carries: what an Access was spent for. */
export interface Spent {
  /** The whole value of the Authorization header. */
  readonly authorization: string
  readonly target: Target
}

interface Options {
  readonly db: Database
  readonly sealing: Sealing
  readonly targets: Targets
  readonly keepers: Keepers
  readonly expiry: ExpiryWatch
  readonly log: Logger
}

/** A credential, in memory only. */
interface Credential {
  readonly authorization: string
  readonly obtainedAt: number
  readonly expiresAt: number
  /** When a new one is fetched beside it; never for static ones. */
  readonly renewAt: number
  /** Tells whether the row still means the same. */
  readonly mark: string
}

interface Minted extends Credential {
  readonly clusterId: string
}

interface Held {
  readonly clusterId: string
  readonly spent: Spent
  readonly credential: Credential
  readonly checkAt: number
}

/** The net below Changes: a row is read again after this long even if nobody said it changed. */
const recheck = 30_000
const mintedSeconds = 3600
/** A credential this young that is refused will not be bettered by another one. */
const tooYoung = 5000

/** Profiles’ credentials: opened or minted at first use, told by one key, dropped when something changes. */
export class Credentials {
  readonly #options: Options
  readonly #held = new Map<string, Held>()
  readonly #minted = new Map<string, Minted>()
  readonly #loading = new Map<string, Promise<Held>>()
  readonly #minting = new Map<string, Promise<Minted>>()
  #epoch = 0

  constructor(options: Options) {
    this.#options = options
  }

  spend(access: Access): Spent | Promise<Spent> {
    const now = Date.now()
    const held = this.#held.get(access.credential.profileId)
    if (!held || held.clusterId !== access.clusterId || now >= held.checkAt)
      return this.#reload(access)
    if (now >= held.credential.expiresAt) return this.#reload(access)
    if (now >= held.credential.renewAt) this.#renewAhead(access)
    return held.spent
  }

  async renew(access: Access, failed: Spent): Promise<Spent | undefined> {
    const { profileId } = access.credential
    const now = Date.now()
    const held = this.#held.get(profileId)
    const isCurrent = held?.spent.authorization === failed.authorization
    // Drops what failed only, so that of many who fail together one mints and the others share it.
    if (held && isCurrent && now - held.credential.obtainedAt < tooYoung) return undefined
    if (isCurrent) this.forgetProfile(profileId)
    if (this.#minted.get(profileId)?.authorization === failed.authorization)
      this.#minted.delete(profileId)
    try {
      const next = await this.spend(access)
      return next.authorization === failed.authorization ? undefined : next
    } catch (error) {
      this.#options.log.warn(
        { cluster: access.clusterId, profile: access.credential.profileName, err: error },
        'a refused credential could not be renewed',
      )
      return undefined
    }
  }

  forgetProfile(profileId: string): void {
    this.#epoch += 1
    this.#held.delete(profileId)
    this.#minted.delete(profileId)
    this.#loading.delete(profileId)
    this.#minting.delete(profileId)
  }

  forgetCluster(clusterId: string): void {
    this.#epoch += 1
    for (const [id, held] of this.#held) if (held.clusterId === clusterId) this.forgetProfile(id)
    for (const [id, minted] of this.#minted)
      if (minted.clusterId === clusterId) this.forgetProfile(id)
    this.#loading.clear()
  }

  async #reload(access: Access): Promise<Spent> {
    const { profileId } = access.credential
    let work = this.#loading.get(profileId)
    if (!work) {
      const started = this.#load(access).finally(() => {
        if (this.#loading.get(profileId) === started) this.#loading.delete(profileId)
      })
      this.#loading.set(profileId, started)
      work = started
    }
    return (await work).spent
  }

  async #load(access: Access): Promise<Held> {
    const { db, targets, expiry } = this.#options
    const { profileId, profileName } = access.credential
    for (;;) {
      const epoch = this.#epoch
      const row = await db.profiles.findByPk(profileId)
      if (row?.clusterId !== access.clusterId)
        throw forbidden(
          `The profile "${profileName}" of the cluster "${access.clusterId}" no longer exists`,
        )
      const target = await targets.load(access.clusterId)
      const credential = await this.#credential(row)
      // Something changed meanwhile, perhaps this: nothing read before may be used after.
      if (epoch !== this.#epoch) continue
      const held = {
        clusterId: access.clusterId,
        spent: { authorization: credential.authorization, target },
        credential,
        checkAt: Date.now() + recheck,
      }
      this.#held.set(profileId, held)
      if (row.kind === 'static' && row.expiresAt) expiry.arm(profileId, row.expiresAt.getTime())
      return held
    }
  }

  async #credential(row: Profile): Promise<Credential> {
    if (row.kind === 'static') return this.#openStatic(row)
    const minted = this.#minted.get(row.id)
    if (minted && minted.mark === markOf(row) && Date.now() < minted.expiresAt) return minted
    return this.#mint(row)
  }

  #openStatic(row: Profile): Credential {
    const { sealing } = this.#options
    const expiresAt = row.expiresAt?.getTime() ?? Infinity
    if (Date.now() >= expiresAt)
      throw new AppError(
        'bad_gateway',
        `The token of the profile "${row.name}" of the cluster "${row.clusterId}" expired at ${new Date(expiresAt).toISOString()}. An administrator must replace it.`,
      )
    if (row.credential === null)
      throw new AppError(
        'bad_gateway',
        `The profile "${row.name}" of the cluster "${row.clusterId}" lost its token when the cluster was moved. An administrator must give it again.`,
      )
    return {
      authorization: `Bearer ${sealing.open(row.credential, credentialPlace(row.id))}`,
      obtainedAt: Date.now(),
      expiresAt,
      renewAt: Infinity,
      mark: markOf(row),
    }
  }

  /** Single-flight: a hundred requests that find no token ask for one. */
  #mint(row: Profile): Promise<Minted> {
    const under = this.#minting.get(row.id)
    if (under) return under
    const work = this.#mintNow(row).then((credential) => {
      // Unless it was told to forget meanwhile.
      if (this.#minting.get(row.id) === work) this.#minted.set(row.id, credential)
      return credential
    })
    const done = () => {
      if (this.#minting.get(row.id) === work) this.#minting.delete(row.id)
    }
    work.then(done, done)
    this.#minting.set(row.id, work)
    return work
  }

  async #mintNow(row: Profile): Promise<Minted> {
    const { serviceAccountNamespace: namespace, serviceAccountName: name } = row
    if (namespace === null || name === null) throw new Error(`profile ${row.id} has no account`)
    const { token, expiresAt } = await this.#options.keepers.mint(row.clusterId, {
      account: { namespace, name },
      seconds: mintedSeconds,
    })
    const now = Date.now()
    return {
      authorization: `Bearer ${token}`,
      obtainedAt: now,
      expiresAt: expiresAt.getTime(),
      renewAt: now + (expiresAt.getTime() - now) * 0.8,
      mark: markOf(row),
      clusterId: row.clusterId,
    }
  }

  /** Fetches the next token while the present one still serves. */
  #renewAhead(access: Access): void {
    const { profileId } = access.credential
    if (this.#minting.has(profileId)) return
    const { db, log } = this.#options
    const work = async () => {
      const row = await db.profiles.findByPk(profileId)
      if (row?.kind !== 'minted') return
      await this.#mint(row)
      await this.#reload(access)
    }
    const held = this.#held.get(profileId)
    // Not again within the minute if it fails; the present token is good until its end.
    if (held) {
      const credential = { ...held.credential, renewAt: Date.now() + 60_000 }
      this.#held.set(profileId, { ...held, credential })
    }
    work().catch((error: unknown) => {
      log.warn(
        { cluster: access.clusterId, profile: access.credential.profileName, err: error },
        'a token could not be renewed ahead of its end',
      )
    })
  }
}

const markOf = ({ clusterId, generation, serviceAccountNamespace, serviceAccountName }: Profile) =>
  JSON.stringify([clusterId, generation, serviceAccountNamespace, serviceAccountName])
