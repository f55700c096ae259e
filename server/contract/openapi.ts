import { z } from 'zod'
import { Cluster, Diagnosis } from './clusters.ts'
import { Context } from './contexts.ts'
import { SignedIn } from './entry.ts'
import { ErrorBody } from './errors.ts'
import { Event } from './events.ts'
import { Capability, Grant, Preset, Scope } from './grants.ts'
import type { Api, Operation } from './operation.ts'
import { Person } from './persons.ts'
import { Profile } from './profiles.ts'
import { Session } from './sessions.ts'

type Json = Readonly<Record<string, unknown>>

/** What several operations speak of; each becomes a component with this name. */
const shared = {
  Capability,
  Cluster,
  Context,
  Diagnosis,
  Error: ErrorBody,
  Event,
  Grant,
  Person,
  Preset,
  Profile,
  Scope,
  Session,
  SignedIn,
}

/** The contract as an OpenAPI 3.1 document. */
export function openApi(api: Api<Operation>, version = '1'): object {
  const inputs = schemasOf(api, 'input')
  const outputs = schemasOf(api, 'output')
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [group, operations] of Object.entries(api)) {
    for (const [name, op] of Object.entries(operations)) {
      const id = `${group}.${name}`
      const path = (paths[templated(op.path)] ??= {})
      path[op.method.toLowerCase()] = {
        operationId: id,
        tags: [group],
        summary: op.summary,
        'x-needs': op.needs,
        security: op.needs === 'nobody' ? [] : [{ bearer: [] }],
        ...request(op, inputs(id)),
        responses: responses(op, outputs(id)),
      }
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Gatehouse',
      version,
      description: 'Team access to Kubernetes without handing out keys.',
    },
    servers: [{ url: '/api' }],
    tags: Object.keys(api).map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
      responses: {
        Error: {
          description: 'Why it was not done',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      schemas: Object.fromEntries(Object.keys(shared).map((name) => [name, outputs(name)])),
    },
  }
}

/** Makes every schema once, so that what is shared is referred to by its component’s name. */
function schemasOf(api: Api<Operation>, io: 'input' | 'output'): (name: string) => Json {
  const registry = z.registry<{ id: string }>()
  const names = new Map<z.ZodType, string>()
  for (const [id, schema] of Object.entries(shared)) {
    registry.add(schema, { id })
    names.set(schema, id)
  }
  const references = new Map<string, string>()
  for (const [group, operations] of Object.entries(api)) {
    for (const [name, op] of Object.entries(operations)) {
      const id = `${group}.${name}`
      const known = names.get(op[io])
      // A schema has one name only: operations that use the same instance share the first one’s.
      if (known) references.set(id, known)
      else if (!(op[io] instanceof z.ZodVoid)) {
        registry.add(op[io], { id })
        names.set(op[io], id)
      }
    }
  }
  const uri = (id: string) => `#/components/schemas/${id}`
  const { schemas } = z.toJSONSchema(registry, { uri, io })
  return (name) => {
    const known = references.get(name)
    if (known !== undefined && Object.hasOwn(shared, known)) return { $ref: uri(known) }
    const { $schema: _dialect, $id: _id, ...schema } = schemas[known ?? name] ?? {}
    return schema
  }
}

function request(op: Operation, schema: Json): Json {
  const inPath = new Set([...op.path.matchAll(/:(\w+)/g)].map(([, key]) => key))
  const properties = Object.entries((schema['properties'] ?? {}) as Json)
  const required = new Set((schema['required'] ?? []) as string[])
  const inQuery = op.method === 'GET' || op.method === 'DELETE'
  const parameters = properties
    .filter(([key]) => inQuery || inPath.has(key))
    .map(([key, value]) => ({
      name: key,
      in: inPath.has(key) ? 'path' : 'query',
      required: inPath.has(key) || required.has(key),
      schema: value,
    }))
  const fields = inQuery ? [] : properties.filter(([key]) => !inPath.has(key))
  return {
    ...(parameters.length > 0 && { parameters }),
    ...(fields.length > 0 && { requestBody: bodyOf(fields, required) }),
  }
}

function bodyOf(fields: readonly [string, unknown][], required: ReadonlySet<string>): Json {
  const needed = fields.map(([key]) => key).filter((key) => required.has(key))
  const schema = {
    type: 'object',
    properties: Object.fromEntries(fields),
    ...(needed.length > 0 && { required: needed }),
  }
  return { required: true, content: { 'application/json': { schema } } }
}

function responses(op: Operation, schema: Json): Json {
  const error = { $ref: '#/components/responses/Error' }
  const done =
    op.output instanceof z.ZodVoid
      ? { 204: { description: 'Done' } }
      : { 200: { description: 'Done', content: { 'application/json': { schema } } } }
  return {
    ...done,
    400: error,
    ...(op.needs !== 'nobody' && { 401: error }),
    ...(op.needs === 'admin' && { 403: error }),
    default: error,
  }
}

const templated = (path: string) => path.replace(/:(\w+)/g, '{$1}')
