import { MalformedProtobuf } from './protobuf-wire.ts'
import { decodeMessage, encodeMessage, type JsonObject, type Message } from './protobuf.ts'

/** An object of the API, as its JSON spells it. */
export interface KubernetesObject extends JsonObject {
  readonly apiVersion: string
  readonly kind: string
}

export const protobufType = 'application/vnd.kubernetes.protobuf'

const magic = Buffer.from('k8s\0')

/**
 * Reads a self-subject review from Kubernetes' protobuf envelope. `expected` is what the path asked for: a
 * client may leave its type out, but not send another one.
 * @throws MalformedProtobuf
 */
export function decodeReview(
  bytes: Uint8Array,
  expected: Pick<KubernetesObject, 'apiVersion' | 'kind'>,
): KubernetesObject {
  const { raw, typeMeta } = decodeEnvelope(bytes)
  const { apiVersion = expected.apiVersion, kind = expected.kind } = typeMeta
  if (apiVersion !== expected.apiVersion || kind !== expected.kind) {
    throw new MalformedProtobuf(`the object is not a ${expected.kind} of ${expected.apiVersion}`)
  }
  return { apiVersion, kind, ...decodeMessage(raw, schemaOf(expected)) }
}

/** Opens Kubernetes’ protobuf envelope. @throws MalformedProtobuf */
export function decodeEnvelope(bytes: Uint8Array) {
  if (!magic.equals(bytes.subarray(0, magic.length))) throw new MalformedProtobuf('no k8s envelope')
  const envelope = decodeMessage(bytes.subarray(magic.length), unknownFields)
  if (envelope['contentEncoding'] !== undefined) throw new MalformedProtobuf('encoded contents')
  const { raw, typeMeta = {} } = envelope
  return {
    raw: raw instanceof Uint8Array ? raw : new Uint8Array(0),
    typeMeta: typeMeta as Partial<KubernetesObject>,
  }
}

/** Writes a self-subject review into Kubernetes' protobuf envelope. @throws MalformedProtobuf */
export function encodeReview(object: KubernetesObject): Uint8Array {
  const { apiVersion, kind } = object
  const raw = encodeMessage(object, schemaOf(object))
  return Buffer.concat([
    magic,
    encodeMessage({ typeMeta: { apiVersion, kind }, raw }, unknownFields),
  ])
}

function schemaOf({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): Message {
  const schema = schemas.get(`${apiVersion} ${kind}`)
  if (schema === undefined) throw new MalformedProtobuf('only self-subject reviews are known')
  return schema
}

/** runtime.Unknown */
const unknownFields: Message = [
  {
    number: 1,
    name: 'typeMeta',
    type: [
      { number: 1, name: 'apiVersion', type: 'string' },
      { number: 2, name: 'kind', type: 'string' },
    ],
  },
  { number: 2, name: 'raw', type: 'bytes' },
  { number: 3, name: 'contentEncoding', type: 'string' },
  { number: 4, name: 'contentType', type: 'string' },
]

/** What a review may carry of metav1.ObjectMeta: it is never stored, owned or deleted. */
const metadata: Message = [
  { number: 1, name: 'name', type: 'string' },
  { number: 2, name: 'generateName', type: 'string' },
  { number: 3, name: 'namespace', type: 'string' },
  { number: 5, name: 'uid', type: 'string' },
  { number: 6, name: 'resourceVersion', type: 'string' },
  { number: 7, name: 'generation', type: 'int' },
  { number: 8, name: 'creationTimestamp', type: 'time' },
  { number: 11, name: 'labels', type: 'string', as: 'map' },
  { number: 12, name: 'annotations', type: 'string', as: 'map' },
  {
    number: 17,
    name: 'managedFields',
    as: 'list',
    type: [
      { number: 1, name: 'manager', type: 'string' },
      { number: 2, name: 'operation', type: 'string' },
      { number: 3, name: 'apiVersion', type: 'string' },
      { number: 4, name: 'time', type: 'time' },
      { number: 6, name: 'fieldsType', type: 'string' },
      { number: 7, name: 'fieldsV1', type: 'json' },
      { number: 8, name: 'subresource', type: 'string' },
    ],
  },
]

const selector: Message = [
  { number: 1, name: 'rawSelector', type: 'string' },
  {
    number: 2,
    name: 'requirements',
    as: 'list',
    type: [
      { number: 1, name: 'key', type: 'string', isAlwaysShown: true },
      { number: 2, name: 'operator', type: 'string', isAlwaysShown: true },
      { number: 3, name: 'values', type: 'string', as: 'list' },
    ],
  },
]

const accessSpec: Message = [
  {
    number: 1,
    name: 'resourceAttributes',
    type: [
      { number: 1, name: 'namespace', type: 'string' },
      { number: 2, name: 'verb', type: 'string' },
      { number: 3, name: 'group', type: 'string' },
      { number: 4, name: 'version', type: 'string' },
      { number: 5, name: 'resource', type: 'string' },
      { number: 6, name: 'subresource', type: 'string' },
      { number: 7, name: 'name', type: 'string' },
      { number: 8, name: 'fieldSelector', type: selector },
      { number: 9, name: 'labelSelector', type: selector },
    ],
  },
  {
    number: 2,
    name: 'nonResourceAttributes',
    type: [
      { number: 1, name: 'path', type: 'string' },
      { number: 2, name: 'verb', type: 'string' },
    ],
  },
]

const accessStatus: Message = [
  { number: 1, name: 'allowed', type: 'bool', isAlwaysShown: true },
  { number: 4, name: 'denied', type: 'bool' },
  { number: 2, name: 'reason', type: 'string' },
  { number: 3, name: 'evaluationError', type: 'string' },
]

const rulesStatus: Message = [
  {
    number: 1,
    name: 'resourceRules',
    as: 'list',
    isAlwaysShown: true,
    type: [
      { number: 1, name: 'verbs', type: 'string', as: 'list', isAlwaysShown: true },
      { number: 2, name: 'apiGroups', type: 'string', as: 'list' },
      { number: 3, name: 'resources', type: 'string', as: 'list' },
      { number: 4, name: 'resourceNames', type: 'string', as: 'list' },
    ],
  },
  {
    number: 2,
    name: 'nonResourceRules',
    as: 'list',
    isAlwaysShown: true,
    type: [
      { number: 1, name: 'verbs', type: 'string', as: 'list', isAlwaysShown: true },
      { number: 2, name: 'nonResourceURLs', type: 'string', as: 'list' },
    ],
  },
  { number: 3, name: 'incomplete', type: 'bool', isAlwaysShown: true },
  { number: 4, name: 'evaluationError', type: 'string' },
]

const subjectStatus: Message = [
  {
    number: 1,
    name: 'userInfo',
    isAlwaysShown: true,
    type: [
      { number: 1, name: 'username', type: 'string' },
      { number: 2, name: 'uid', type: 'string' },
      { number: 3, name: 'groups', type: 'string', as: 'list' },
      { number: 4, name: 'extra', type: 'strings', as: 'map' },
    ],
  },
]

const schemas: ReadonlyMap<string, Message> = new Map<string, Message>([
  [
    'authorization.k8s.io/v1 SelfSubjectAccessReview',
    [
      { number: 1, name: 'metadata', type: metadata, isAlwaysShown: true },
      { number: 2, name: 'spec', type: accessSpec, isAlwaysShown: true },
      { number: 3, name: 'status', type: accessStatus, isAlwaysShown: true },
    ],
  ],
  [
    'authorization.k8s.io/v1 SelfSubjectRulesReview',
    [
      { number: 1, name: 'metadata', type: metadata, isAlwaysShown: true },
      {
        number: 2,
        name: 'spec',
        type: [{ number: 1, name: 'namespace', type: 'string' }],
        isAlwaysShown: true,
      },
      { number: 3, name: 'status', type: rulesStatus, isAlwaysShown: true },
    ],
  ],
  [
    'authentication.k8s.io/v1 SelfSubjectReview',
    [
      { number: 1, name: 'metadata', type: metadata, isAlwaysShown: true },
      { number: 2, name: 'status', type: subjectStatus, isAlwaysShown: true },
    ],
  ],
])
