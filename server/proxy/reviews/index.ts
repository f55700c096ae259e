import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '../../contract/errors.ts'
import type { ResourceInfo } from '../request-info.ts'
import type { Call } from '../call.ts'
import { credentialRefused } from '../exchange-heads.ts'
import { decodeReview, encodeReview, protobufType, type KubernetesObject } from '../review-codec.ts'
import { ownHead } from '../status.ts'
import { callJson, upstreamError, type CallAnswer, type Upstreams } from '../upstream/index.ts'
import { answerAccess } from './access.ts'
import { answerRules } from './rules.ts'
import { isObject, type Review } from './review.ts'
import { answerSubject } from './subject.ts'

interface Request {
  readonly call: Call
  readonly info: ResourceInfo
  readonly upstreams: Upstreams
  readonly body: Buffer
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/** Answers a SelfSubject…Review: what the cluster allows the profile, and the scope of the grants. */
export async function answerReview({
  call,
  info,
  upstreams,
  body,
  req,
  res,
}: Request): Promise<void> {
  const type = typeOf(info)
  const answerType = negotiate(req.headers.accept ?? '')
  const object = readObject(body, req.headers['content-type'] ?? 'application/json', type)
  const review: Review = {
    call,
    info,
    object,
    askCluster: () => askCluster(upstreams, call, object),
  }
  const answer = await answerOf(review)
  const bytes =
    answerType === protobufType ? encodeReview(answer) : Buffer.from(JSON.stringify(answer))
  call.bytesOut = bytes.length
  res.sendDate = false
  res.writeHead(201, ownHead(answerType, bytes, call.id))
  await new Promise<void>((resolve) => {
    res.once('close', resolve)
    res.end(bytes, resolve)
  })
}

function answerOf(review: Review): Promise<KubernetesObject> | KubernetesObject {
  switch (review.info.resource) {
    case 'selfsubjectaccessreviews':
      return answerAccess(review)
    case 'selfsubjectrulesreviews':
      return answerRules(review)
    default:
      return answerSubject(review)
  }
}

const kinds: Readonly<Record<string, string>> = {
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
  selfsubjectreviews: 'SelfSubjectReview',
}

const typeOf = ({ group, version, resource }: ResourceInfo) => ({
  apiVersion: `${group}/${version}`,
  kind: kinds[resource] ?? '',
})

/** The first of what the client takes that we can write; Tables and other views of an object are not. */
function negotiate(accept: string): 'application/json' | typeof protobufType {
  if (accept.trim() === '') return 'application/json'
  for (const part of accept.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((it) => it.trim().toLowerCase())
    if (parameters.some((it) => it.startsWith('as='))) continue
    if (name === protobufType) return protobufType
    if (name === 'application/json' || name === '*/*' || name === 'application/*')
      return 'application/json'
  }
  throw new AppError(
    'not_acceptable',
    'Reviews are answered as application/json or Kubernetes protobuf only',
  )
}

function readObject(
  body: Buffer,
  contentType: string,
  type: { apiVersion: string; kind: string },
): KubernetesObject {
  const media = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  try {
    if (media === protobufType) return decodeReview(body, type)
    if (media !== 'application/json')
      throw new AppError(
        'invalid_input',
        'Send a review as application/json or Kubernetes protobuf',
      )
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (!isObject(value)) throw new AppError('invalid_input', 'The review is not an object')
    const { apiVersion = type.apiVersion, kind = type.kind, ...rest } = value
    if (apiVersion !== type.apiVersion || kind !== type.kind)
      throw new AppError('invalid_input', `The object is not a ${type.kind} of ${type.apiVersion}`)
    return { ...rest, ...type }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid_input', 'The review cannot be read', { cause: error })
  }
}

async function askCluster(
  upstreams: Upstreams,
  call: Call,
  object: KubernetesObject,
): Promise<KubernetesObject> {
  const { access, target } = call
  if (!access || !target) throw new Error('A review is asked after it was admitted')
  const cluster = target.cluster
  try {
    const spent = await upstreams.spend(access)
    let answer = await ask(spent)
    if (answer.status === 401) {
      const fresh = await upstreams.renew(access, spent)
      if (!fresh) throw credentialRefused(call)
      answer = await ask(fresh)
    }
    return readAnswer(answer, call)
  } catch (error) {
    throw upstreamError(cluster, error)
  }

  function ask({
    target: place,
    authorization,
  }: {
    target: Parameters<typeof callJson>[0]
    authorization: string
  }) {
    const headers = ['Audit-Id', call.id, 'X-Forwarded-For', call.source]
    return callJson(place, {
      method: 'POST',
      path: target?.rawPath ?? '',
      token: authorization.slice('Bearer '.length),
      body: object,
      headers,
    })
  }
}

function readAnswer({ status, body }: CallAnswer, call: Call): KubernetesObject {
  if (status === 401) throw credentialRefused(call)
  if (status === 200 || status === 201) {
    if (
      isObject(body) &&
      typeof body['kind'] === 'string' &&
      typeof body['apiVersion'] === 'string'
    )
      return body as unknown as KubernetesObject
    throw new AppError('bad_gateway', 'The cluster’s answer to a review cannot be read')
  }
  const message =
    isObject(body) && typeof body['message'] === 'string' ? body['message'] : `status ${status}`
  throw new AppError(
    status === 403 ? 'forbidden' : status < 500 ? 'invalid_input' : 'bad_gateway',
    `The cluster refused the review: ${message}`,
  )
}
