import { randomUUID } from 'node:crypto'
import express, { type Express } from 'express'
import helmet from 'helmet'
import { gatewayApi } from './contract/index.ts'
import { openApi } from './contract/openapi.ts'
import { reference } from './contract/reference.ts'
import { httpStatus, notFound } from './contract/errors.ts'
import type { Deps } from './deps.ts'
import { serveConsole } from './http/console.ts'
import { serveDownloads } from './http/downloads.ts'
import { checkEdge, type Surface } from './http/edge.ts'
import { answerErrors, recordStrays } from './http/errors.ts'
import { exportEvents } from './http/export-events.ts'
import { createGate } from './http/gate.ts'
import { serveLanding } from './http/landing.ts'
import { mount } from './http/mount.ts'
import { sourceOf } from './proxy/index.ts'
import { createRoutes } from './routes/index.ts'

/** The Express app of one listener, not listening. Cluster calls never enter it. */
export function createApp(deps: Deps, surface: Surface): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('query parser', 'simple')
  app.use((_req, res, next) => {
    res.setHeader('Audit-Id', randomUUID())
    res.setHeader('Cache-Control', 'no-store')
    res.locals['cookie'] = surface.cookie
    next()
  })
  app.use(securityHeaders(surface))
  app.use(refuseStrangers(deps, surface))

  const gate = createGate(deps, surface)
  const api = express.Router()
  const document = JSON.stringify(openApi(gatewayApi))
  const page = reference(gatewayApi)
  api.get('/', (_req, res) => void res.type('html').send(page))
  api.get('/openapi.json', (_req, res) => void res.type('json').send(document))
  api.get('/events/export', exportEvents(deps, gate))
  const routes = createRoutes(deps)
  for (const [name, group] of Object.entries(gatewayApi))
    mount(api, gate, { name, group, handlers: routes[name as keyof typeof gatewayApi] as never })
  app.use('/api', api)

  if (deps.console) serveConsole(app, deps.console)
  serveDownloads(app, deps.config.downloadFolder)
  serveLanding(app, { version: deps.version, config: deps.config })
  app.use((req) => {
    throw notFound(`"${req.path.slice(0, 100)}"`)
  })
  app.use(recordStrays(deps.audit))
  app.use(answerErrors(deps.log))
  return app
}

const securityHeaders = (surface: Surface) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'style-src': ["'self'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
      },
    },
    // A browser that once saw it would refuse the plain loopback address of the same host.
    strictTransportSecurity: surface.kind === 'public',
    crossOriginEmbedderPolicy: true,
  })

const refuseStrangers =
  ({ audit }: Pick<Deps, 'audit'>, surface: Surface): express.RequestHandler =>
  async (req, res, next) => {
    const refusal = checkEdge(surface, req.rawHeaders)
    if (!refusal) {
      next()
      return
    }
    const { code, reason } = refusal
    const source = sourceOf(req.socket)
    const attempt = {
      id: String(res.getHeader('audit-id')),
      action: 'edge',
      result: 'refused',
      source,
      path: req.path,
      status: httpStatus[code],
      reason,
    } as const
    // The refusal stands whether or not it can be recorded; the audit room reports its own failure.
    await audit.event(attempt).catch(() => undefined)
    res.status(httpStatus[code]).json({ code, message: reason })
  }
