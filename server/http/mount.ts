import { json, type Request, type RequestHandler, type Response, type Router } from 'express'
import type { Audit } from '../audit/index.ts'
import { forbidden } from '../contract/errors.ts'
import { atPlace } from '../contract/place.ts'
import { parseInput, type Group, type Handlers, type Operation } from '../contract/operation.ts'
import type { Actor, ClusterActor, Visitor } from '../policies/caller.ts'
import type { ConsoleAudience } from '../access/index.ts'
import type { Crowd } from './crowd.ts'
import type { SurfaceCookie } from './edge.ts'
import { markRecorded, named } from './errors.ts'
import { Recorder, type Recorded } from './recorder.ts'

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
  readonly handlers: Handlers<G, ClusterActor & CallHooks>
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
  const { requestId: id, source } = visitor
  const attempt = { id, action, result: 'allowed', source } as const
  const record = new Recorder(gate.audit, kindOf(op), attempt, started)
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
    const output: unknown = op.output.parse(
      await handle(input, { ...caller, ...hooks(res), ...record.hooks }),
    )
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

function kindOf({ method, needs, path }: Operation): Recorded {
  // Whatever the method: what changes a cluster announces itself, call by call.
  if (path.startsWith(atPlace) && needs !== 'nobody') return 'cluster'
  if (method === 'GET') return 'read'
  return needs === 'nobody' ? 'entry' : 'change'
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
