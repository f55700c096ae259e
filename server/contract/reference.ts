import { httpStatus } from './errors.ts'
import { openApi } from './openapi.ts'
import type { Api, Operation } from './operation.ts'

type Json = Readonly<Record<string, unknown>>

const needs: Readonly<Record<Operation['needs'], string>> = {
  nobody: 'Open to anyone who can reach the gateway.',
  person: 'Needs a signed-in person.',
  admin: 'Needs an administrator of the gateway.',
}

/** The API’s reference as one page of plain HTML: no script, and readable without its style. */
export function reference(api: Api<Operation>, version = '1'): string {
  const document = openApi(api, version) as { paths: Record<string, Record<string, Json>> }
  const groups = Object.entries(api)
  const contents = groups.map(
    ([group]) => `<li><a href="#${escape(group)}">${escape(group)}</a></li>`,
  )
  const sections = groups.map(([group, operations]) => {
    const entries = Object.entries(operations).map(([name, op]) =>
      article(`${group}.${name}`, op, describedIn(document.paths, op)),
    )
    return `<section id="${escape(group)}">\n<h2>${escape(group)}</h2>\n${entries.join('\n')}\n</section>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Gatehouse API</title>
<link rel="stylesheet" href="/reference.css">
</head>
<body>
<header>
<h1>Gatehouse API</h1>
<p>Every path below starts with <code>/api</code>. Send the access token as <code>Authorization: Bearer …</code>. The same as <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
</header>
<nav aria-label="Groups"><ul>${contents.join('')}</ul></nav>
<main>
${sections.join('\n')}
${errors()}
</main>
</body>
</html>
`
}

const describedIn = (paths: Record<string, Record<string, Json>>, op: Operation): Json =>
  paths[op.path.replace(/:(\w+)/g, '{$1}')]?.[op.method.toLowerCase()] ?? {}

function article(id: string, op: Operation, described: Json): string {
  return `<article id="${escape(id)}">
<h3>${escape(id)}</h3>
<p><code>${op.method} ${escape(op.path)}</code></p>
<p>${escape(op.summary)} ${needs[op.needs]}</p>
${fieldTable(fieldsOf(described))}
${answer(described)}
</article>`
}

interface Field {
  readonly name: string
  readonly place: string
  readonly required: boolean
  readonly schema: Json
}

function fieldsOf(described: Json): Field[] {
  const parameters = (described['parameters'] ?? []) as readonly Json[]
  const body = jsonSchemaIn(described['requestBody'] as Json | undefined)
  const needed = new Set((body['required'] ?? []) as string[])
  return [
    ...parameters.map((parameter) => ({
      name: String(parameter['name']),
      place: String(parameter['in']),
      required: parameter['required'] === true,
      schema: parameter['schema'] as Json,
    })),
    ...Object.entries((body['properties'] ?? {}) as Record<string, Json>).map(([name, schema]) => ({
      name,
      place: 'body',
      required: needed.has(name),
      schema,
    })),
  ]
}

function fieldTable(fields: readonly Field[]): string {
  if (fields.length === 0) return '<p>Takes nothing.</p>'
  const rows = fields.map(
    ({ name, place, required, schema }) =>
      `<tr><th scope="row"><code>${escape(name)}</code></th><td>${place}</td><td>${required ? 'yes' : 'no'}</td><td>${escape(typeOf(schema))}</td></tr>`,
  )
  return `<table>
<thead><tr><th scope="col">Field</th><th scope="col">In</th><th scope="col">Required</th><th scope="col">Type</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`
}

function answer(described: Json): string {
  const done = (described['responses'] as Json)['200'] as Json | undefined
  if (!done) return '<p>Answers 204 without a body.</p>'
  const schema = jsonSchemaIn(done)
  return `<p>Answers ${escape(typeOf(schema))}.</p>
<details><summary>Schema</summary><pre>${escape(JSON.stringify(schema, undefined, 2))}</pre></details>`
}

function jsonSchemaIn(part: Json | undefined): Json {
  const content = part?.['content'] as Record<string, { schema: Json }> | undefined
  return content?.['application/json']?.schema ?? {}
}

/** A schema in a few words; the whole of it is in the OpenAPI document. */
function typeOf(schema: Json): string {
  const { $ref, type, items, format } = schema
  const choices = schema['enum'] as readonly unknown[] | undefined
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1)
  if (choices) return choices.map(String).join(' | ')
  if (type === 'array') return `list of ${typeOf((items ?? {}) as Json)}`
  if (type === 'object' && schema['properties'])
    return `{ ${Object.keys(schema['properties']).join(', ')} }`
  const name = typeof type === 'string' ? type : 'any'
  return typeof format === 'string' ? `${name} (${format})` : name
}

function errors(): string {
  const rows = Object.entries(httpStatus).map(
    ([code, status]) =>
      `<tr><th scope="row"><code>${code}</code></th><td>${String(status)}</td></tr>`,
  )
  return `<section id="errors">
<h2>Errors</h2>
<p>A failure answers <code>{ code, message, fields?, retryAfter? }</code>.</p>
<table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</section>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string) => text.replace(/[&<>"']/g, (it) => entities[it] ?? it)
