import type { PeerCertificate } from 'node:tls'
import type { Diagnosis, Reach } from '../../contract/clusters.ts'
import { AppError } from '../../contract/errors.ts'
import { callJson, field, statusMessage, type CallAnswer } from './call.ts'
import { ConnectFailure, type Stage } from './connect-failure.ts'
import { createConnector, type Route } from './connector.ts'
import type { Guard } from './lookup.ts'
import { routeFrom } from './route.ts'
import { Target } from './target.ts'

const callTimeout = 2200

/** Goes the way of a call step by step and stops at the first that fails. Takes ten seconds at most. */
export async function diagnose(guard: Guard, reach: Reach, token?: string): Promise<Diagnosis> {
  let route: Route
  try {
    route = routeFrom(reach)
  } catch (error) {
    if (error instanceof AppError) return { status: 'address', message: error.message }
    throw error
  }
  const target = new Target('', route, guard)
  try {
    return await ask(target, token)
  } catch (error) {
    return await explain(route, guard, error)
  } finally {
    await target.destroy()
  }
}

async function ask(target: Target, token: string | undefined): Promise<Diagnosis> {
  // The first call also opens the connection, which has its own five seconds.
  const first = await callJson(target, {
    method: 'GET',
    path: '/version',
    token,
    timeout: 5200 + callTimeout,
  })
  const version = readVersion(first)
  if (version === undefined && !isClosed(first))
    return { status: 'not_kubernetes', message: whyNotKubernetes(target.host, first) }
  const found = version === undefined ? {} : { version }
  if (token === undefined)
    return { status: 'ok', message: `${target.host} is a Kubernetes API server.`, ...found }

  const review = await callJson(target, {
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    token,
    timeout: callTimeout,
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { nonResourceAttributes: { path: '/version', verb: 'get' } },
    },
  })
  if (review.status === 401)
    return {
      status: 'unauthorized',
      message: `${target.host} is a Kubernetes API server but does not accept the token: it is wrong, has expired, or belongs to another cluster.`,
      ...found,
    }
  if (review.status !== 201 && review.status !== 403)
    return {
      status: 'not_kubernetes',
      message: `${target.host} answered strangely when asked about the token: ${statusMessage(review)}`,
    }
  return {
    status: 'ok',
    message: `${target.host} is a Kubernetes API server and accepts the token.`,
    ...found,
  }
}

function readVersion({ status, body }: CallAnswer): string | undefined {
  const version = field(body, 'gitVersion')
  return status === 200 && typeof version === 'string' && /^[\w.+-]{1,64}$/.test(version)
    ? version
    : undefined
}

/** An API server that shows its version to nobody it does not know says so with a Status. */
const isClosed = ({ status, body }: CallAnswer) =>
  (status === 401 || status === 403) && field(body, 'kind') === 'Status'

function whyNotKubernetes(host: string, { status }: CallAnswer): string {
  if (status >= 300 && status < 400)
    return `${host} answered with a redirect (${status}), which is never followed. Give the address it leads to, if that is the API server.`
  return `${host} speaks https but is not a Kubernetes API server: /version was answered with ${status} and no version. Check the address and its path.`
}

const statusOf: Readonly<Record<Stage, Diagnosis['status']>> = {
  address: 'address',
  dns: 'dns',
  tcp: 'tcp',
  proxy: 'proxy',
  tls: 'tls',
  response: 'not_kubernetes',
}

async function explain(route: Route, guard: Guard, error: unknown): Promise<Diagnosis> {
  if (!(error instanceof ConnectFailure))
    return {
      status: 'not_kubernetes',
      message: `${route.address.host} ended the connection without an answer that is HTTP.`,
    }
  if (error.timedOut) return { status: 'timeout', message: error.message }
  const message =
    error.stage === 'tls' ? await withCertificate(route, guard, error.message) : error.message
  return { status: statusOf[error.stage], message }
}

/** Adds what the shown certificate says of itself; a second connection, on which nothing is sent. */
async function withCertificate(route: Route, guard: Guard, message: string): Promise<string> {
  try {
    const certificate = await createConnector(route, guard).look({ timeout: 2000 })
    const described = describe(certificate)
    return described ? `${message} It shows ${described}.` : message
  } catch {
    return message
  }
}

function describe(certificate: PeerCertificate): string | undefined {
  // Empty where the other side has shown none.
  if (!('subject' in certificate)) return undefined
  const { subject, issuer, subjectaltname, valid_from: from, valid_to: to } = certificate
  const names = subjectaltname ?? first(subject.CN)
  return shown(
    `a certificate for ${names || 'no name'}, issued by ${first(issuer.CN) || 'an unnamed authority'}, valid from ${from} to ${to}`,
  )
}

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)
// eslint-disable-next-line no-control-regex -- control characters are what is removed
const shown = (text: string) => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 600)
