import { json, type Request, type RequestHandler, type Response, type Router } from 'express'
import { z } from 'zod'
import type { Audit, Attempt } from '../audit/index.ts'
import { AppError, forbidden, httpStatus, toErrorBody } from '../contract/errors.ts'
import { parseInput, type Group, type Handlers, type Operation } from '../contract/operation.ts'
import type { Actor, Visitor } from '../policies/caller.ts'
import type { ConsoleAudience } from '../access/index.ts'
import type { Crowd } from './crowd.ts'
import type { SurfaceCookie } from './edge.ts'
import { markRecorded, named } from './errors.ts'

/** How a request becomes a caller. */
export interface Gate {
  visitor(req: Request): Visitor
  /** @throws AppError unauthenticated */
  actor(req: Request, visitor: Visitor): Promise<Actor>
  /** What each person has under way. */
  readonly crowd: Crowd
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
  readonly audience: ConsoleAudience
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
  const kind = op.method === 'GET' ? 'read' : op.needs === 'nobody' ? 'entry' : 'change'
  const record = new Recorder(gate.audit, kind, attempt, started)
  let leave: () => void = () => undefined
  try {
    const identify = async () => {
      if (op.needs === 'nobody') return visitor
      const actor = await gate.actor(req, visitor)
      record.by(actor)
      if (op.needs === 'admin' && !actor.admin) throw forbidden()
      return actor
    }
    const first = await identify()
    if (op.needs !== 'nobody') leave = gate.crowd.enter((first as Actor).personId)
    await readBody(req, res, op.needs === 'nobody' ? strangersBody : knownBody)
    // Again: a body may take two minutes, and its sender may have lost their rights meanwhile.
    const caller = await identify()
    const input = parseInput(op, {
      ...req.query,
      ...(req.body as object | undefined),
      ...req.params,
    })
    await record.intend()
    const output: unknown = op.output.parse(await handle(input, { ...caller, ...hooks(res) }))
    if (op.needs === 'nobody') record.became(output)
    await record.done(output === undefined ? 204 : 200)
    if (output === undefined) res.status(204).end()
    else res.json(output)
  } catch (error) {
    // What could not be recorded is not handed out.
    res.removeHeader('set-cookie')
    await record.failed(named(error))
    markRecorded(res)
    throw error
  } finally {
    leave()
  }
}

/** Passwords and tokens are short; whoever is not known yet gets nothing larger read. */
const strangersBody = json({ limit: '16kb' })
/** A kubeconfig with its certificates. */
const knownBody = json({ limit: '2mb' })

const readBody = (req: Request, res: Response, parse: RequestHandler): Promise<void> =>
  new Promise((resolve, reject) => {
    void parse(req, res, (error?: unknown) => {
      if (error === undefined) resolve()
      else reject(error as Error)
    })
  })

const SignedIn = z.object({
  person: z.object({ id: z.string(), name: z.string() }),
  session: z.object({ id: z.string() }),
})

const hooks = (res: Response): CallHooks => ({
  audience: (res.locals['cookie'] as SurfaceCookie).audience,
  setCookie: (token, expires) => {
    const { name, secure } = res.locals['cookie'] as SurfaceCookie
    res.cookie(name, token, { httpOnly: true, secure, sameSite: 'strict', path: '/', expires })
  },
  clearCookie: () => {
    const { name, secure } = res.locals['cookie'] as SurfaceCookie
    res.clearCookie(name, { httpOnly: true, secure, sameSite: 'strict', path: '/' })
  },
})

/**
 * Writes the audit records of one operation. Changes are announced before they are made, but not those of
 * strangers: what fails of them is limited per source, and what was announced could not be.
 */
class Recorder {
  readonly #audit: Audit
  readonly #kind: 'read' | 'entry' | 'change'
  readonly #started: number
  #attempt: Attempt
  #intended = false

  constructor(audit: Audit, kind: 'read' | 'entry' | 'change', attempt: Attempt, started: number) {
    this.#audit = audit
    this.#kind = kind
    this.#attempt = attempt
    this.#started = started
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
    if (this.#kind === 'read') this.#audit.read(attempt)
    else if (this.#kind === 'entry') await this.#audit.event(attempt)
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
