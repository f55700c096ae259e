import type { Attempt, Audit } from '../audit/index.ts'
import { httpStatus, toErrorBody } from '../contract/errors.ts'
import type { Place } from '../contract/place.ts'
import type { Ask } from '../policies/ask.ts'
import type { Viewer } from '../policies/caller.ts'

interface Subject {
  readonly id: string
  readonly action: string
  readonly viewer: Viewer
  readonly place: Place
  readonly ask: Ask
}

/** The audit records of one attempt: filled in as it goes, said in order. */
export class AuditRecord {
  readonly #audit: Audit
  readonly #started = performance.now()
  #attempt: Attempt
  #intended = false

  constructor(audit: Audit, { id, action, viewer, place, ask }: Subject) {
    this.#audit = audit
    const { identity, source } = viewer
    const { verb, group, resource, subresource, namespace, name } = ask
    this.#attempt = {
      id,
      action,
      result: 'allowed',
      source,
      person: identity.person.name,
      personId: identity.person.id,
      session: identity.session.id,
      cluster: place.cluster,
      profile: place.profile,
      verb,
      group,
      resource,
      subresource,
      namespace,
      name,
    }
  }

  add(more: Partial<Attempt>): void {
    this.#attempt = this.#with(more)
  }

  /** Resolves once it is committed; nothing travels before. */
  async intend(): Promise<void> {
    await this.#audit.intent(this.#attempt)
    this.#intended = true
  }

  /** How what was intended ended. Never rejects. */
  async done(more: Partial<Attempt>): Promise<void> {
    await this.#audit.outcome(this.#timed(more))
  }

  /** What is only read is recorded with others, once it is over. */
  read(more: Partial<Attempt>): void {
    this.#audit.read(this.#timed(more))
  }

  /** A refusal stands whether or not it can be recorded; the audit room reports its own failure. */
  async failed(error: unknown): Promise<void> {
    const { code, message } = toErrorBody(error)
    const status = httpStatus[code]
    const result = this.#intended || status >= 500 ? 'failed' : 'refused'
    const attempt = this.#timed({ result, status, reason: message })
    await (this.#intended ? this.#audit.outcome(attempt) : this.#audit.event(attempt)).catch(
      () => undefined,
    )
  }

  #timed(more: Partial<Attempt>): Attempt {
    const milliseconds = Math.round(performance.now() - this.#started)
    return { ...this.#with(more), milliseconds }
  }

  #with(more: Partial<Attempt>): Attempt {
    const { detail } = this.#attempt
    const both = (detail ?? more.detail) && { detail: { ...detail, ...more.detail } }
    return { ...this.#attempt, ...more, ...both }
  }
}
