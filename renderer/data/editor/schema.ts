import { fieldsOf } from './manifest.ts'

/** What the cluster says a value may be; references are followed. */
export interface Shape {
  readonly types: ReadonlySet<string>
  readonly description: string
  readonly properties: ReadonlyMap<string, unknown>
  readonly required: readonly string[]
  readonly values: readonly unknown[]
  /** What the other fields of a map hold; undefined where there may be none. */
  readonly others: unknown
  readonly items: unknown
  /** Fields that nobody describes are kept by the cluster. */
  readonly open: boolean
  readonly format: string
}

const deepest = 20

/** The OpenAPI v3 document of one group and version, as far as an editor needs it. */
export class SchemaBook {
  readonly #schemas: Readonly<Record<string, unknown>>

  constructor(document: Readonly<Record<string, unknown>>) {
    this.#schemas = fieldsOf(fieldsOf(document['components'])['schemas'])
  }

  /** The schema of a kind, where the document has one. */
  kind(group: string, version: string, kind: string): Shape | undefined {
    const found = Object.values(this.#schemas).find((schema) => {
      const kinds = fieldsOf(schema)['x-kubernetes-group-version-kind']
      return (
        Array.isArray(kinds) &&
        kinds.some((it) => {
          const told = fieldsOf(it)
          return told['group'] === group && told['version'] === version && told['kind'] === kind
        })
      )
    })
    return found === undefined ? undefined : this.shape(found)
  }

  /** Follows references and puts `allOf` together. */
  shape(schema: unknown): Shape {
    return shapeOf(this.#flat(schema, 0))
  }

  /** The shape of a field; undefined where the schema knows none. */
  field(shape: Shape, name: string): Shape | undefined {
    const known = shape.properties.get(name)
    if (known !== undefined) return this.shape(known)
    return shape.others === undefined ? undefined : this.shape(shape.others)
  }

  /** The shape at a path; numbers are places in lists. */
  at(root: Shape, path: readonly (string | number)[]): Shape | undefined {
    let shape: Shape | undefined = root
    for (const step of path) {
      if (!shape) return undefined
      shape =
        typeof step === 'number'
          ? shape.items === undefined
            ? undefined
            : this.shape(shape.items)
          : this.field(shape, step)
    }
    return shape
  }

  #flat(schema: unknown, depth: number): Readonly<Record<string, unknown>> {
    const own = fieldsOf(schema)
    if (depth > deepest) return {}
    const reference = own['$ref']
    const referred =
      typeof reference === 'string' ? this.#flat(this.#find(reference), depth + 1) : {}
    const parts = Array.isArray(own['allOf'])
      ? own['allOf'].map((it) => this.#flat(it, depth + 1))
      : []
    return [referred, ...parts, own].reduce(joined, {})
  }

  #find(reference: string): unknown {
    const name = reference.replace(/^#\/components\/schemas\//, '')
    return Object.hasOwn(this.#schemas, name) ? this.#schemas[name] : undefined
  }
}

function joined(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const properties = { ...fieldsOf(a['properties']), ...fieldsOf(b['properties']) }
  const required = [...listOf(a['required']), ...listOf(b['required'])]
  return {
    ...a,
    ...b,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function shapeOf(schema: Readonly<Record<string, unknown>>): Shape {
  const properties = new Map(Object.entries(fieldsOf(schema['properties'])))
  const extra = schema['additionalProperties']
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-embedded-resource'] === true ||
    extra === true ||
    (properties.size === 0 && extra === undefined)
  return {
    types: typesOf(schema),
    description: textOf(schema['description']),
    properties,
    required: listOf(schema['required']).map(String),
    values: listOf(schema['enum']),
    others: typeof extra === 'object' && extra !== null ? extra : undefined,
    items: schema['items'],
    open,
    format: textOf(schema['format']),
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** All types that a value may have; none means any. */
function typesOf(schema: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  if (schema['x-kubernetes-int-or-string'] === true || schema['format'] === 'int-or-string')
    return new Set(['integer', 'string'])
  const choices = [...listOf(schema['oneOf']), ...listOf(schema['anyOf'])]
    .map((it) => fieldsOf(it)['type'])
    .filter((it) => typeof it === 'string')
  if (choices.length > 0) return new Set(choices)
  const type = schema['type']
  return new Set(typeof type === 'string' ? [type] : listOf(type).map(String))
}
