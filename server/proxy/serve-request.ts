import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StreamEnd } from '../access/index.ts'
import { admit, admitAgain, failure, isReview } from './admit.ts'
import { failed, failedBy, record, refuse, refused } from './answers.ts'
import { readBody } from './body.ts'
import type { Call } from './call.ts'
import { readCreated } from './created-names.ts'
import { isForProgram } from './exchange-heads.ts'
import { Forwarding, type Ending } from './forward.ts'
import { bodyOf, upgradeOf } from './heads.ts'
import type { ProxyDeps } from './proxy-deps.ts'
import { answerReview } from './reviews/index.ts'
import type { Failure } from './status.ts'

/** Takes an ordinary request from its head to the last byte of its answer. */
export async function serveRequest(
  deps: ProxyDeps,
  call: Call,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const refusal =
    (await admit(deps, call, { url: req.url ?? '', rawHeaders: req.rawHeaders })) ??
    plainHead(call, req)
  if (refusal) return refuse(deps, call, res, refused(refusal))
  const place = deps.limits.takeFor(call)
  if (place.status === 'full') return refuse(deps, call, res, refused(place.failure))
  try {
    // A GET with a body was refused with its head.
    const sent = mayHaveBody(call) ? await bodyFor(deps, call, req) : null
    const read = readCreated(call, sent)
    if (read.status === 'refused') return await refuse(deps, call, res, refused(failure(read)))
    const { body } = read
    const gone = body === null ? undefined : await admitAgain(deps, call)
    if (gone) return await refuse(deps, call, res, refused(gone))
    const ending = await carry(deps, call, { req, res, body })
    if (ending.status === 'failed') await refuse(deps, call, res, failed(ending.failure))
    else await record(deps, call, ending)
  } catch (error) {
    await refuse(deps, call, res, failedBy(call, error))
  } finally {
    place.release()
  }
}

/** A request that is neither an upgrade nor clearly not one could be read as one by the cluster. */
function plainHead(call: Call, req: IncomingMessage): Failure | undefined {
  const upgrade = upgradeOf(req.rawHeaders)
  if (upgrade.status === 'refused') return failure(upgrade)
  if (upgrade.status === 'upgrade')
    return { code: 'invalid_input', message: 'the connection cannot be upgraded here' }
  const body = bodyOf(call.method, req.rawHeaders)
  return body.status === 'refused' ? failure(body) : undefined
}

interface Exchanged {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly body: Buffer | null
}

async function carry(deps: ProxyDeps, call: Call, { req, res, body }: Exchanged): Promise<Ending> {
  // What changes something is on record before it happens.
  if (!call.isRead) await deps.audit.intent(call.attempt('allowed'))
  if (isReview(call.info)) {
    await answerReview({
      call,
      info: call.info,
      upstreams: deps.upstreams,
      body: body ?? Buffer.alloc(0),
      req,
      res,
    })
    return { status: 'answered', code: res.statusCode }
  }
  const { access } = call
  if (!access) throw new Error('A call is carried only after it was admitted')
  const spending = deps.upstreams.spend(access)
  const spent = spending instanceof Promise ? await spending : spending
  const sent = isForProgram(call) && mayHaveBody(call) ? req : body
  const forwarding = new Forwarding({
    call,
    upstreams: deps.upstreams,
    spent,
    res,
    body: sent,
    long: call.isLong,
  })
  let ended: () => void = () => undefined
  const open = () => {
    ended = deps.access.streams.open({
      access,
      grantIds: call.grantIds,
      kind: call.streamKind,
      // An ordinary call may finish while the gateway drains.
      close: (why: StreamEnd) => {
        if (call.isLong || why !== 'draining') forwarding.stop(why)
      },
    })
  }
  // Whatever lasts ends with its right, also a list that its client reads slowly.
  const late = call.isLong ? undefined : setTimeout(open, longestOrdinary)
  if (call.isLong) open()
  const ending = await forwarding.run()
  clearTimeout(late)
  ended()
  return ending
}

/** Milliseconds after which an ordinary call counts among the streams. */
const longestOrdinary = 500

const mayHaveBody = ({ method }: Call) => method !== 'GET' && method !== 'HEAD'

/** What is for a program behind the cluster may be as large as it likes and is not held here. */
async function bodyFor(
  { bodyBytes }: ProxyDeps,
  call: Call,
  req: IncomingMessage,
): Promise<Buffer | null> {
  if (isForProgram(call)) {
    req.on('data', (chunk: Buffer) => void (call.bytesIn += chunk.length)).pause()
    return null
  }
  const body = await readBody(req, bodyBytes)
  call.bytesIn = body.length
  return body.length > 0 ? body : null
}
