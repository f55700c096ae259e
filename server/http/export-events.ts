import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RequestHandler } from 'express'
import { forbidden, invalidInput } from '../contract/errors.ts'
import { EventFilter } from '../contract/events.ts'
import type { Deps } from '../deps.ts'
import { markRecorded } from './errors.ts'
import type { Gate } from './mount.ts'

/** Streams audit records with their checkpoints as lines of JSON: what `gatehouse audit verify` checks. */
export const exportEvents =
  ({ audit }: Pick<Deps, 'audit'>, gate: Gate): RequestHandler =>
  async (req, res) => {
    const visitor = gate.visitor(req)
    const actor = await gate.actor(req, visitor).catch(async (error: unknown) => {
      const { id, source } = { id: visitor.requestId, source: visitor.source }
      await audit.event({ id, source, action: 'events.export', result: 'refused', status: 401 })
      markRecorded(res)
      throw error
    })
    const who = {
      person: actor.name,
      personId: actor.personId,
      session: actor.sessionId,
      source: actor.source,
    }
    const attempt = { id: visitor.requestId, action: 'events.export', ...who }
    if (!actor.admin) {
      await audit.event({ ...attempt, result: 'refused', status: 403 })
      markRecorded(res)
      throw forbidden()
    }
    const filter = EventFilter.strict().safeParse(req.query)
    if (!filter.success) throw invalidInput(filter.error)
    await audit.event({ ...attempt, result: 'allowed', status: 200 })
    res.type('application/x-ndjson')
    await pipeline(Readable.from(whileAdmin()), res)

    /** An export may take minutes: it ends with the session, and with the right to have it. */
    async function* whileAdmin() {
      for await (const chunk of audit.export(filter.data ?? {})) {
        if (!(await gate.actor(req, visitor)).admin) throw forbidden()
        yield chunk
      }
    }
  }
