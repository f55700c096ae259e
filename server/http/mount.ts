import type { Request, Response, Router } from 'express'
import type { Audit, Attempt } from '../audit/index.ts'
import { AppError, forbidden, httpStatus, toErrorBody } from '../contract/errors.ts'
import { parseInput, type Group, type Handlers, type Operation } from '../contract/operation.ts'
import type { Actor, Visitor } from '../policies/caller.ts'
import { markRecorded, named } from './errors.ts'

/** How a request becomes a caller. */
export interface Gate {
  visitor(req: Request): Visitor
  /** @throws AppError unauthenticated */
  actor(req: Request, visitor: Visitor): Promise<Actor>
  readonly audit: Audit
}

interface Served<G extends Group<Operation>> {
  readonly name: string
  readonly group: G
  readonly handlers: Handlers<G, Actor & CallHooks>
}

/** Serves every operation of a group: who asks, what they ask, the answer, and the record of all three. */
export function mount<G extends Group<Operation>>(
  router: Router,
  gate: Gate,
  { name, group, handlers }: Served<G>,
): void {
  for (const [member, op] of Object.entries(group)) {
    const handle = handlers[member] as (input: unknown, caller: unknown) => Promise<unknown>
    const verb = op.method.toLowerCase() as Lowercase<Operation['method']>
    router[verb](op.path, (req, res) =>
      serve(req, res, { action: `${name}.${member}`, op, handle, gate }),
    )
  }
}

/** What a handler may do to the answer beside returning it. */
export interface CallHooks {
  /** Hands a browser its session in a cookie that scripts cannot read. */
  setCookie(token: string, expires: Date): void
  clearCookie(): void
}

interface Call {
  readonly action: string
  readonly op: Operation
  readonly handle: (input: unknown, caller: unknown) => Promise<unknown>
  readonly gate: Gate
}

async function serve(
  req: Request,
  res: Response,
  { action, op, handle, gate }: Call,
): Promise<void> {
  const started = performance.now()
  const visitor = gate.visitor(req)
  const attempt: Attempt = {
    id: visitor.requestId,
    action,
    result: 'allowed',
    source: visitor.source,
  }
  const record = new Recorder(gate.audit, op.method === 'GET', attempt, started)
  try {
    const caller = op.needs === 'nobody' ? visitor : await gate.actor(req, visitor)
    if ('personId' in caller) record.by(caller as Actor)
    if (op.needs === 'admin' && !(caller as Actor).admin) throw forbidden()
    const input = parseInput(op, {
      ...req.query,
      ...(req.body as object | undefined),
      ...req.params,
    })
    await record.intend()
    const output: unknown = op.output.parse(await handle(input, { ...caller, ...hooks(res) }))
    await record.done(output === undefined ? 204 : 200)
    if (output === undefined) res.status(204).end()
    else res.json(output)
  } catch (error) {
    await record.failed(named(error))
    markRecorded(res)
    throw error
  }
}

const hooks = (res: Response): CallHooks => ({
  setCookie: (token, expires) => {
    const { name, secure } = res.locals['cookie'] as { name: string; secure: boolean }
    res.cookie(name, token, { httpOnly: true, secure, sameSite: 'strict', path: '/', expires })
  },
  clearCookie: () => {
    const { name, secure } = res.locals['cookie'] as { name: string; secure: boolean }
    res.clearCookie(name, { httpOnly: true, secure, sameSite: 'strict', path: '/' })
  },
})

/** Writes the audit records of one operation: changes are announced before they are made. */
class Recorder {
  readonly #audit: Audit
  readonly #reads: boolean
  readonly #started: number
  #attempt: Attempt
  #intended = false

  // eslint-disable-next-line max-params
  constructor(audit: Audit, reads: boolean, attempt: Attempt, started: number) {
    this.#audit = audit
    this.#reads = reads
    this.#attempt = attempt
    this.#started = started
  }

  by(actor: Actor): void {
    const { personId, name, sessionId } = actor
    this.#attempt = { ...this.#attempt, personId, person: name, session: sessionId }
  }

  async intend(): Promise<void> {
    const { state } = this.#audit
    if (state.status === 'failing')
      throw new AppError(
        'unavailable',
        `Nothing new is done while the audit log cannot be written: ${state.reason}`,
      )
    if (this.#reads) return
    await this.#audit.intent(this.#attempt)
    this.#intended = true
  }

  async done(status: number): Promise<void> {
    const attempt = this.#timed({ status })
    if (this.#reads) this.#audit.read(attempt)
    else await this.#audit.outcome(attempt)
  }

  /** A refusal that cannot be recorded is still answered: the audit log is then failing and says so itself. */
  async failed(error: unknown): Promise<void> {
    const { code, message } = toErrorBody(error)
    const result = httpStatus[code] >= 500 ? 'failed' : 'refused'
    const attempt = this.#timed({ status: httpStatus[code], result, reason: message })
    await (this.#intended ? this.#audit.outcome(attempt) : this.#audit.event(attempt)).catch(
      () => undefined,
    )
  }

  #timed(more: Partial<Attempt>): Attempt {
    return {
      ...this.#attempt,
      ...more,
      milliseconds: Math.round(performance.now() - this.#started),
    }
  }
}
