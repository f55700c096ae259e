import { Buffer } from 'node:buffer'
import { beforeAll, describe, expect, test } from 'vitest'
import { MalformedProtobuf } from '../../../server/proxy/protobuf-wire.ts'
import {
  decodeReview,
  encodeReview,
  type KubernetesObject,
} from '../../../server/proxy/review-codec.ts'
import { ask, type Answer } from '../../support/oracle.ts'

const metadata = {
  name: 'n',
  namespace: 'a',
  uid: '6b1b1b1e-0000-4000-8000-000000000000',
  resourceVersion: '12',
  generation: 3,
  creationTimestamp: '2026-11-22T10:00:00Z',
  labels: { 'app.example.com/part': 'x', empty: '' },
  annotations: { note: 'größer → 😀' },
  managedFields: [
    {
      manager: 'kubectl',
      operation: 'Update',
      apiVersion: 'authorization.k8s.io/v1',
      time: '1969-12-31T23:59:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:resourceAttributes': {} } },
      subresource: 'status',
    },
  ],
}

const access = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' }
const rules = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview' }
const subject = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }

const examples: readonly KubernetesObject[] = [
  {
    ...access,
    metadata: {},
    spec: {
      resourceAttributes: {
        namespace: 'a',
        verb: 'list',
        group: 'apps',
        version: 'v1',
        resource: 'deployments',
        subresource: 'scale',
        name: 'd',
        fieldSelector: {
          rawSelector: 'metadata.name=d',
          requirements: [{ key: 'metadata.name', operator: 'In', values: ['d', 'e'] }],
        },
        labelSelector: { requirements: [{ key: 'app', operator: 'Exists' }] },
      },
    },
    status: { allowed: true, reason: 'RBAC: allowed', evaluationError: 'one role is missing' },
  },
  {
    ...access,
    metadata,
    spec: { nonResourceAttributes: { path: '/healthz', verb: 'get' } },
    status: { allowed: false, denied: true },
  },
  { ...access, metadata: {}, spec: { resourceAttributes: {} }, status: { allowed: false } },
  {
    ...rules,
    metadata: {},
    spec: { namespace: 'a' },
    status: {
      resourceRules: [
        {
          verbs: ['get', 'list'],
          apiGroups: ['', 'apps'],
          resources: ['pods'],
          resourceNames: ['x'],
        },
        { verbs: ['*'] },
      ],
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/version', '/healthz/*'] }],
      incomplete: true,
      evaluationError: 'webhook',
    },
  },
  {
    ...subject,
    metadata: { creationTimestamp: '2026-11-22T10:00:00Z' },
    status: {
      userInfo: {
        username: 'ada',
        uid: 'u',
        groups: ['system:authenticated', ''],
        extra: { scopes: ['a', 'b'], none: [], __proto__x: ['y'] },
      },
    },
  },
]

const named = examples.map((object, index) => [`${object.kind} ${String(index)}`, index] as const)
const exampleAt = (index: number) => examples[index] ?? { apiVersion: '', kind: '' }

describe('held against the Go types', () => {
  let written: readonly Answer[] = []
  let read: readonly Answer[] = []

  beforeAll(async () => {
    written = await ask(examples.map((object) => ({ op: 'encode', object })))
    read = await ask(
      examples.map((object) => ({
        op: 'decode',
        bytes: Buffer.from(encodeReview(object)).toString('base64'),
      })),
    )
  }, 900_000)

  test.each(named)('what Go writes is read as it was meant: %s', (_, index) => {
    const { bytes = '', error } = written[index] ?? {}
    expect(error).toBeUndefined()
    expect(decodeReview(Buffer.from(bytes, 'base64'), exampleAt(index))).toEqual(exampleAt(index))
  })

  test.each(named)('what is written here is read by Go as it was meant: %s', (_, index) => {
    expect(read[index]?.error).toBeUndefined()
    expect(read[index]?.object).toEqual(exampleAt(index))
  })
})

const envelope = (...raw: readonly number[]) =>
  Buffer.from([...Buffer.from('k8s\0'), 0x12, raw.length, ...raw])

test('a client may leave its type out but not send another one', () => {
  const withoutType = envelope(0x12, 0x03, 0x0a, 0x01, 0x61) // spec.namespace = a
  expect(decodeReview(withoutType, rules)).toMatchObject({ ...rules, spec: { namespace: 'a' } })
  expect(() => decodeReview(encodeReview(exampleAt(4)), rules)).toThrow(MalformedProtobuf)
})

test('unknown fields are skipped and repeated ones are read as Go reads them', async () => {
  const unknown = [0xf8, 0x07, 0x05, 0x7a, 0x01, 0x00, 0xbd, 0x01, 1, 2, 3, 4]
  const twice = [0x12, 0x05, 0x0a, 0x03, 0x12, 0x01, 0x78, 0x12, 0x05, 0x0a, 0x03, 0x2a, 0x01, 0x79]
  const spec = { resourceAttributes: { verb: 'x', resource: 'y' } }
  expect(decodeReview(envelope(...unknown, ...twice), access)).toMatchObject({ spec })

  const typed = Buffer.concat([
    Buffer.from('k8s\0'),
    lengthDelimited(
      1,
      Buffer.concat([
        lengthDelimited(1, Buffer.from(access.apiVersion)),
        lengthDelimited(2, Buffer.from(access.kind)),
      ]),
    ),
    lengthDelimited(2, Buffer.from([...unknown, ...twice])),
  ])
  const [go] = await ask([{ op: 'decode', bytes: typed.toString('base64') }])
  expect(go?.object).toMatchObject({ spec })
  expect(decodeReview(typed, access)).toEqual(go?.object)
})

test('a map may hold any key', () => {
  const extra = JSON.parse('{"__proto__":["x"]}') as Record<string, unknown>
  const sent = { ...subject, status: { userInfo: { extra } } }
  const { status } = decodeReview(encodeReview(sent), subject)
  expect(JSON.stringify(status)).toBe('{"userInfo":{"extra":{"__proto__":["x"]}}}')
})

describe('bytes that are no review', () => {
  const huge = Buffer.concat([
    Buffer.from('k8s\0'),
    lengthDelimited(2, lengthDelimited(3, zeros(600_000))),
  ])
  const malformed: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', new Uint8Array(0)],
    ['JSON', Buffer.from('{"kind":"SelfSubjectRulesReview"}')],
    ['an envelope that ends inside a field', Buffer.from('k8s\0\x12\x05\x0a')],
    ['a message that is shorter than it says', Buffer.from('k8s\0\x12\x09\x12\x03\x0a\x01a')],
    ['an envelope that ends inside a number', Buffer.from([0x6b, 0x38, 0x73, 0, 0x12, 0xff])],
    [
      'a number without an end',
      Buffer.from([0x6b, 0x38, 0x73, 0, ...Array<number>(12).fill(0xff)]),
    ],
    ['compressed contents', Buffer.from('k8s\0\x1a\x04gzip')],
    ['a number where a message belongs', envelope(0x10, 0x01)],
    ['a number where a text belongs', envelope(0x12, 0x02, 0x08, 0x00)],
    ['a group', envelope(0x1b, 0x1c)],
    ['field number zero', envelope(0x02, 0x00)],
    ['a text that is not UTF-8', envelope(0x12, 0x03, 0x0a, 0x01, 0xff)],
    ['more fields than memory should hold', huge],
  ]

  test.each(malformed)('%s', (_, bytes) => {
    expect(() => decodeReview(bytes, rules)).toThrow(MalformedProtobuf)
  })

  test('an object that does not fit is not written', () => {
    expect(() => encodeReview({ ...rules, spec: { namespace: 7 } })).toThrow(MalformedProtobuf)
    expect(() => encodeReview({ ...rules, spec: 'a' })).toThrow(MalformedProtobuf)
    expect(() => encodeReview({ apiVersion: 'v1', kind: 'Secret' })).toThrow(MalformedProtobuf)
  })
})

/** Empty resource rules, two bytes each. */
function zeros(count: number): Buffer {
  return Buffer.alloc(count).fill(Buffer.from([0x0a, 0x00]))
}

function lengthDelimited(field: number, contents: Buffer): Buffer {
  const length: number[] = []
  let left = contents.length
  for (; left > 0x7f; left >>= 7) length.push((left & 0x7f) | 0x80)
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...length, left]), contents])
}
