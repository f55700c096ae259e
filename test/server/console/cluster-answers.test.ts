import { expect, test } from 'vitest'
import { refusalOf } from '../../../server/services/cluster-answers.ts'

const place = { cluster: 'prod', profile: 'viewer' }
const refused = (status: number, body: unknown = {}) =>
  refusalOf(place, {}, { status, body, milliseconds: 1 })

test.each([
  [400, 'invalid_input'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [409, 'conflict'],
  [410, 'conflict'],
  [413, 'too_large'],
  [422, 'invalid_input'],
  [429, 'rate_limited'],
  [301, 'bad_gateway'],
  [500, 'bad_gateway'],
  [503, 'bad_gateway'],
  [504, 'gateway_timeout'],
])('a %i of the cluster is %s here', (status, code) => {
  expect(refused(status)).toMatchObject({
    code,
    message: expect.stringContaining(`${status}`) as string,
  })
})

test('the words of the cluster are kept, with the profile that lacks the right', () => {
  const { message } = refused(403, { message: 'pods is forbidden: User "x" cannot list' })
  expect(message).toContain('profile "viewer"')
  expect(message).toContain('"prod": pods is forbidden')
})

test('the time to wait and the fields that are wrong are told', () => {
  expect(refused(429, { details: { retryAfterSeconds: 7 } }).retryAfter).toBe(7)
  expect(refused(429).retryAfter).toBe(1)
  const causes = [{ field: 'spec.replicas', message: 'must be positive' }, { field: 3 }]
  expect(refused(422, { details: { causes } }).fields).toEqual({
    'spec.replicas': 'must be positive',
  })
})

test('a document with a field that its kind does not have is bad input, whatever its status', () => {
  const message =
    'failed to create typed patch object (a/b; /v1, Kind=ConfigMap): .datum: field not declared'
  expect(refused(500, { message }).code).toBe('invalid_input')
  expect(refused(500, { message: 'failed calling webhook' }).code).toBe('bad_gateway')
})
