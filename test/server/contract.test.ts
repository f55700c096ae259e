import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  createGatewayClient,
  toRequest,
  type GatewayRequest,
} from '../../server/contract/client.ts'
import { AppError } from '../../server/contract/errors.ts'
import { gatewayApi } from '../../server/contract/index.ts'
import type { Operation } from '../../server/contract/operation.ts'
import { openApi } from '../../server/contract/openapi.ts'
import { reference } from '../../server/contract/reference.ts'

const operations = Object.entries(gatewayApi).flatMap(([group, members]) =>
  Object.entries<Operation>(members).map(([name, op]) => ({ id: `${group}.${name}`, op })),
)

const parametersOf = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')

test('every parameter of a path is a required field of the input', () => {
  for (const { id, op } of operations) {
    const shape = op.input instanceof z.ZodObject ? op.input.shape : {}
    for (const name of parametersOf(op.path)) {
      expect(Object.keys(shape), id).toContain(name)
      expect(z.safeParse(shape[name] as z.ZodType, undefined).success, `${id} ${name}`).toBe(false)
    }
  }
})

test('no two operations answer at one method and path', () => {
  const places = operations.map(({ op }) => `${op.method} ${op.path.replace(/:\w+/g, ':')}`)
  expect(places).toHaveLength(new Set(places).size)
  expect(places.length).toBeGreaterThan(25)
})

test('only the five doors of the entry stand open to nobody in particular', () => {
  const open = operations.filter(({ op }) => op.needs === 'nobody').map(({ id }) => id)
  expect(open).toEqual([
    'entry.status',
    'entry.setUp',
    'entry.signIn',
    'entry.refresh',
    'entry.signInConsole',
  ])
})

test('no schema transforms, so the wire means the same on both ends', () => {
  const found = operations.flatMap(({ id, op }) =>
    [op.input, op.output].flatMap((schema) => kindsIn(schema).map((kind) => `${id} ${kind}`)),
  )
  expect(found).toContain('clusters.list array')
  const bending = found.filter((it) => /(transform|pipe|preprocess|date|function|custom)$/.test(it))
  expect(bending).toEqual([])
})

/** The kinds of all schemas inside one. */
function kindsIn(schema: unknown, seen = new Set<unknown>()): string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return []
  seen.add(schema)
  const inner = Object.values(schema instanceof z.ZodType ? schema.def : schema)
  const kind = schema instanceof z.ZodType ? [schema.def.type] : []
  return [...kind, ...inner.flatMap((it) => kindsIn(it, seen))]
}

interface Described {
  readonly operationId: string
  readonly summary: string
  readonly security: readonly object[]
  readonly parameters?: readonly { name: string; in: string; required: boolean; schema: object }[]
  readonly requestBody?: { content: { 'application/json': { schema: { properties: object } } } }
  readonly responses: Readonly<Record<string, { $ref?: string; description?: string }>>
}

interface Document {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>
}

const document = openApi(gatewayApi, '1.2.3') as Document
const described = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, it]) => ({ path, method, it })),
)

test('every operation is in the OpenAPI document, with who may ask', () => {
  const ids = described.map(({ it }) => it.operationId)
  expect(ids.toSorted()).toEqual(operations.map(({ id }) => id).toSorted())
  for (const { id, op } of operations) {
    const it = document.paths[op.path.replace(/:(\w+)/g, '{$1}')]?.[op.method.toLowerCase()]
    expect(it?.operationId).toBe(id)
    expect(it?.security).toEqual(op.needs === 'nobody' ? [] : [{ bearer: [] }])
  }
})

test('the OpenAPI document keeps the rules of OpenAPI 3.1', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d$/)
  expect(document.info).toMatchObject({ title: 'Gatehouse', version: '1.2.3' })
  for (const section of Object.values(document.components))
    for (const name of Object.keys(section)) expect(name).toMatch(/^[\w.-]+$/)
  for (const { path, method, it } of described) {
    expect(path).toMatch(/^\/[^:?#]*$/)
    const parameters = it.parameters ?? []
    const inPath = parameters.filter((parameter) => parameter.in === 'path')
    const templates = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(new Set(inPath.map(({ name }) => name))).toEqual(new Set(templates))
    expect(inPath).toHaveLength(templates.length)
    expect(inPath.every(({ required }) => required)).toBe(true)
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length)
    if (method === 'get' || method === 'delete') expect(it.requestBody).toBeUndefined()
    for (const [status, response] of Object.entries(it.responses)) {
      expect(status).toMatch(/^([1-5]\d\d|default)$/)
      expect(response.$ref ?? response.description).toBeTruthy()
    }
  }
})

test('every reference in the OpenAPI document leads somewhere', () => {
  const text = JSON.stringify(document)
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? '')
  expect(references.length).toBeGreaterThan(50)
  for (const target of new Set(references)) {
    const [root, ...steps] = target.split('/')
    expect(root).toBe('#')
    let found: unknown = document
    for (const step of steps) found = (found as Record<string, unknown> | undefined)?.[step]
    expect(found, target).toBeTypeOf('object')
  }
  expect(text).not.toContain('$schema')
})

test('the reference names every operation and runs nothing', () => {
  const page = reference(gatewayApi)
  for (const { id } of operations) expect(page).toContain(`<article id="${id}">`)
  expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i)
})

test('text of the contract cannot become markup of the reference', () => {
  const status: Operation = { ...gatewayApi.entry.status, summary: '<img src=x> & "more"' }
  const page = reference({ '<b>': { status } })
  expect(page).toContain('&lt;img src=x&gt; &amp; &quot;more&quot;')
  expect(page).not.toMatch(/<img|<b>/)
})

const id = 'a4d27a1e-9c0f-4c8e-8f57-0f7f3f1d2b11'

test('path parameters leave the input, the rest goes to the query or the body', () => {
  const { clusters, grants } = gatewayApi
  const update = toRequest('clusters.update', clusters.update, {
    id: 'a/b',
    name: 'B',
    caPem: undefined,
  })
  expect(update).toMatchObject({ method: 'PATCH', path: '/clusters/a%2Fb', query: '' })
  expect(update.body).toEqual({ name: 'B' })
  const list = toRequest('grants.list', grants.list, { personId: id, clusterId: 'a&b' })
  expect(list).toMatchObject({ path: '/grants', query: `personId=${id}&clusterId=a%26b` })
  expect(list.body).toBeUndefined()
})

test.each(['', '.', '..', undefined])('a path is never made of %j', (segment) => {
  const attempt = () => toRequest('clusters.remove', gatewayApi.clusters.remove, { id: segment })
  expect(attempt).toThrow(AppError)
})

const answering = (status: number, body: unknown) => {
  const sent: GatewayRequest[] = []
  const gateway = createGatewayClient((request) => {
    sent.push(request)
    return Promise.resolve({ status, body })
  })
  return { gateway, sent }
}

test('the client sends what was asked and gives the parsed answer', async () => {
  const { gateway, sent } = answering(200, { keyId: 'k2', rewrapped: 3, surplus: true })
  await expect(gateway.keys.rotate({})).resolves.toEqual({ keyId: 'k2', rewrapped: 3 })
  expect(sent).toMatchObject([{ name: 'keys.rotate', method: 'POST', path: '/keys/rotate' }])
  const nothing = answering(204, '')
  await expect(nothing.gateway.grants.remove({ id })).resolves.toBeUndefined()
})

test('a failure of the gateway keeps its name, fields and waiting time', async () => {
  const body = { code: 'rate_limited', message: 'Wait', fields: { name: 'no' }, retryAfter: 9 }
  const { gateway } = answering(429, body)
  await expect(gateway.contexts.list({})).rejects.toMatchObject({ name: 'AppError', ...body })
})

test.each([
  [502, '<html>Bad gateway</html>'],
  [403, { kind: 'Status', message: 'forbidden', code: 403 }],
  [200, '<html>Sign in to the hotel</html>'],
  [200, { hello: 'world' }],
  [302, ''],
])('an answer of %i that is not ours is called unavailable', async (status, body) => {
  const { gateway } = answering(status, body)
  await expect(gateway.contexts.list({})).rejects.toMatchObject({ code: 'unavailable' })
})

test('no answer at all is called unavailable and keeps its cause', async () => {
  const cause = new Error('ECONNREFUSED')
  const gateway = createGatewayClient(() => Promise.reject(cause))
  await expect(gateway.contexts.list({})).rejects.toMatchObject({ code: 'unavailable', cause })
})
