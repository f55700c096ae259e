import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { admit, failure } from './admit.ts'
import { failed, failedBy, record, refused, refuseSocket } from './answers.ts'
import type { Call } from './call.ts'
import type { Ending } from './forward.ts'
import { upgradeOf, type UpgradeProtocol } from './heads.ts'
import type { ProxyDeps } from './proxy-deps.ts'
import type { Failure } from './status.ts'
import { Tunnel } from './tunnel.ts'

interface Upgrading {
  readonly req: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** Takes an upgrade from its head to the end of the tunnel it becomes. */
export async function serveUpgrade(
  deps: ProxyDeps,
  call: Call,
  { req, socket, head }: Upgrading,
): Promise<void> {
  const refusal = await admit(deps, call, { url: req.url ?? '', rawHeaders: req.rawHeaders })
  if (refusal) return refuseSocket(deps, call, socket, refused(refusal))
  const upgrade = upgradeOf(req.rawHeaders)
  if (upgrade.status === 'refused')
    return refuseSocket(deps, call, socket, refused(failure(upgrade)))
  if (upgrade.status === 'plain' || !call.isLong)
    return refuseSocket(deps, call, socket, refused(notAStream))
  const place = deps.limits.takeFor(call)
  if (place.status === 'full') return refuseSocket(deps, call, socket, refused(place.failure))
  try {
    const ending = await carry(deps, call, { req, socket, head, upgrade: upgrade.protocol })
    if (ending.status === 'failed') await refuseSocket(deps, call, socket, failed(ending.failure))
    else await record(deps, call, ending)
  } catch (error) {
    await refuseSocket(deps, call, socket, failedBy(call, error))
  } finally {
    place.release()
  }
}

const notAStream: Failure = {
  code: 'invalid_input',
  message: 'this is not a stream, so its connection cannot be upgraded',
}

async function carry(
  deps: ProxyDeps,
  call: Call,
  upgrading: Upgrading & { upgrade: UpgradeProtocol },
): Promise<Ending> {
  const { access } = call
  if (!access) throw new Error('A stream is opened only after it was admitted')
  if (!call.isRead) await deps.audit.intent(call.attempt('allowed'))
  const spending = deps.upstreams.spend(access)
  const spent = spending instanceof Promise ? await spending : spending
  const tunnel = new Tunnel({ ...upgrading, call, upstreams: deps.upstreams, spent })
  const ended = deps.access.streams.open({
    access,
    grantIds: call.grantIds,
    kind: call.streamKind,
    close: (why) => tunnel.stop(why),
  })
  const ending = await tunnel.run()
  ended()
  return ending
}
