import { z } from 'zod'
import type { Audit, Attempt } from '../audit/index.ts'
import { AppError, httpStatus, toErrorBody } from '../contract/errors.ts'
import type { About, Actor, Announced, ClusterActor } from '../policies/caller.ts'

/**
 * How an operation is recorded: a read in a batch, an entry once it is known who came, a change before and
 * after. What concerns a cluster is read, until it announces a change there.
 */
export type Recorded = 'read' | 'entry' | 'change' | 'cluster'

const SignedIn = z.object({
  person: z.object({ id: z.string(), name: z.string() }),
  session: z.object({ id: z.string() }),
})

/**
 * Writes the audit records of one operation. Changes are announced before they are made, but not those of
 * strangers: what fails of them is limited per source, and what was announced could not be.
 */
export class Recorder {
  readonly #audit: Audit
  readonly #kind: Recorded
  readonly #started: number
  #attempt: Attempt
  #intended = false
  #announced = 0
  /** Failures that are on record already, with more than the operation knows. */
  readonly #told = new WeakSet<Error>()

  constructor(audit: Audit, kind: Recorded, attempt: Attempt, started: number) {
    this.#audit = audit
    this.#kind = kind
    this.#attempt = attempt
    this.#started = started
  }

  /** What an operation may add to its record. */
  get hooks(): Pick<ClusterActor, 'about' | 'announce' | 'refused'> {
    return {
      about: (fields) => {
        this.#attempt = { ...this.#attempt, ...fields }
      },
      announce: (fields) => this.#announce(fields),
      refused: async (fields, error) => {
        await this.failed(error, fields)
        this.#told.add(error)
      },
    }
  }

  by(actor: Actor): void {
    const { personId, name, sessionId } = actor
    this.#attempt = { ...this.#attempt, personId, person: name, session: sessionId }
  }

  /** Who a stranger turned out to be. */
  became(output: unknown): void {
    const known = SignedIn.safeParse(output).data
    if (!known) return
    const { person, session } = known
    this.#attempt = {
      ...this.#attempt,
      personId: person.id,
      person: person.name,
      session: session.id,
    }
  }

  async intend(): Promise<void> {
    const { state } = this.#audit
    if (state.status === 'failing')
      throw new AppError(
        'unavailable',
        `Nothing new is done while the audit log cannot be written: ${state.reason}`,
      )
    if (this.#kind !== 'change') return
    await this.#audit.intent(this.#attempt)
    this.#intended = true
  }

  async done(status: number): Promise<void> {
    const attempt = this.#timed({ status })
    // Each change that was announced has its own outcome.
    if (this.#announced > 0) return
    if (this.#kind === 'read' || this.#kind === 'cluster') this.#audit.read(attempt)
    else if (this.#kind === 'entry') await this.#audit.event(attempt)
    else await this.#audit.outcome(attempt)
  }

  /** A refusal that cannot be recorded is still answered: the audit log is then failing and says so itself. */
  async failed(error: unknown, fields: About = {}): Promise<void> {
    if (error instanceof Error && this.#told.has(error)) return
    const { code, message } = toErrorBody(error)
    const result = httpStatus[code] >= 500 ? 'failed' : 'refused'
    const attempt = this.#timed({ ...fields, status: httpStatus[code], result, reason: message })
    await (this.#intended ? this.#audit.outcome(attempt) : this.#audit.event(attempt)).catch(
      () => undefined,
    )
  }

  /** The first change has the id of the operation, so that whoever has the answer finds it. */
  async #announce(fields: About): Promise<Announced> {
    this.#announced += 1
    const { id: first } = this.#attempt
    const id = this.#announced === 1 ? first : `${first}.${this.#announced}`
    const started = performance.now()
    const attempt: Attempt = { ...this.#attempt, ...fields, id }
    await this.#audit.intent(attempt)
    return {
      id,
      ended: async (how, error) => {
        if (error) this.#told.add(error)
        const milliseconds = Math.round(performance.now() - started)
        await this.#audit.outcome({ ...attempt, ...how, milliseconds })
      },
    }
  }

  #timed(more: Partial<Attempt>): Attempt {
    return {
      ...this.#attempt,
      ...more,
      milliseconds: Math.round(performance.now() - this.#started),
    }
  }
}
