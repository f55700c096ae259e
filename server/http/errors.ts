import type { ErrorRequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import type { Audit } from '../audit/index.ts'
import { AppError, httpStatus, toErrorBody } from '../contract/errors.ts'
import { sourceOf } from '../proxy/index.ts'

/** The only place where an error of the API becomes a response. Unnamed ones are logged whole and answered in silence. */
export const answerErrors =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error)
      return
    }
    answerError(res, named(error), log)
  }

function answerError(res: Response, error: unknown, log: Logger): void {
  const body = toErrorBody(error)
  if (body.code === 'internal') log.error({ err: error, requestId: res.getHeader('audit-id') })
  if (body.code === 'unauthenticated') res.setHeader('www-authenticate', 'Bearer realm="gatehouse"')
  if (body.retryAfter !== undefined) res.setHeader('retry-after', String(body.retryAfter))
  res.status(httpStatus[body.code]).json(body)
}

/** Says that the record of this request’s refusal is written. */
export function markRecorded(res: Response): void {
  res.locals['recorded'] = true
}

/** Records what was refused before any operation was found that would record itself: no path, no JSON, too much. */
export const recordStrays =
  (audit: Pick<Audit, 'event'>): ErrorRequestHandler =>
  async (error: unknown, req, res, next) => {
    if (res.locals['recorded'] !== true) {
      const { code, message } = toErrorBody(named(error))
      const attempt = {
        id: String(res.getHeader('audit-id')),
        action: 'edge',
        result: httpStatus[code] >= 500 ? 'failed' : 'refused',
        source: sourceOf(req.socket),
        path: req.originalUrl,
        status: httpStatus[code],
        reason: message,
      } as const
      // The answer stands whether or not it can be recorded; the audit room reports its own failure.
      await audit.event(attempt).catch(() => undefined)
    }
    next(error)
  }

/** What express and its body parser refuse, in our words. */
export function named(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  const type: unknown = 'type' in error ? error.type : undefined
  if (type === 'entity.too.large') return new AppError('too_large', 'The body is too large')
  if (type === 'entity.parse.failed') return new AppError('invalid_input', 'The body is not JSON')
  if (error instanceof URIError)
    return new AppError('invalid_input', 'The path is not escaped well')
  if (typeof type === 'string') return new AppError('invalid_input', 'The body cannot be read')
  return error
}
