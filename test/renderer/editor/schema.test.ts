import { beforeAll, expect, inject, test } from 'vitest'
import { check, type FindShape, type Problem } from '../../../renderer/data/editor/check.ts'
import { explain, suggest } from '../../../renderer/data/editor/complete.ts'
import { SchemaBook } from '../../../renderer/data/editor/schema.ts'
import { connectCluster } from '../../support/cluster/client.ts'

/** The schemas that the run’s own cluster serves. */
const books = new Map<string, SchemaBook>()
let find: FindShape

beforeAll(async () => {
  const cluster = connectCluster(inject('cluster'))
  for (const [version, path] of [
    ['v1', 'api/v1'],
    ['apps/v1', 'apis/apps/v1'],
    ['apiextensions.k8s.io/v1', 'apis/apiextensions.k8s.io/v1'],
  ] as const) {
    const json = await cluster.kubectlOutput(['get', '--raw', `/openapi/v3/${path}`])
    books.set(version, new SchemaBook(JSON.parse(json) as Record<string, unknown>))
  }
  find = (apiVersion, kind) => {
    const book = books.get(apiVersion)
    const [version = '', group = ''] = apiVersion.split('/').reverse()
    const shape = book?.kind(group, version, kind)
    return book && shape && { book, shape }
  }
})

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    any: label
spec:
  replicas: 2
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: nginx
          ports:
            - containerPort: 80
          resources:
            limits: { cpu: 1, memory: 64Mi }
          livenessProbe:
            httpGet: { path: /, port: http }
`

const words = (text: string, problems: readonly Problem[]) =>
  problems.map(({ from, to, what }) => [what.kind, text.slice(from, to)])

/** Where `|` stands in a text, and the text without it. */
function cursor(marked: string) {
  const offset = marked.indexOf('|')
  return { text: marked.replace('|', ''), offset }
}

const labels = (marked: string) => {
  const { text, offset } = cursor(marked)
  return suggest(text, offset, find)?.items.map(({ label }) => label) ?? []
}

test('a right manifest has no problems, quantities and ports by name or number included', () => {
  expect(check(deployment, find)).toEqual([])
})

test('an unknown field is named where it stands, with the one that was meant', () => {
  const text = deployment.replace('containerPort', 'containerport')
  const problems = check(text, find)
  expect(words(text, problems)).toEqual([
    ['unknown', 'containerport'],
    ['missing', 'containerport'],
  ])
  expect(problems[0]?.what).toMatchObject({
    field: 'spec.template.spec.containers[0].ports[0].containerport',
    near: 'containerPort',
  })
})

test('a wrong type, a missing field and a value out of its list are told', () => {
  const text = deployment
    .replace('replicas: 2', 'replicas: two')
    .replace('        - name: web\n          image', '        - image')
  expect(check(text, find).map(({ what }) => what)).toEqual([
    { kind: 'type', field: 'spec.replicas', expected: 'integer' },
    { kind: 'missing', field: 'name' },
  ])
})

test('each document of a text is checked by its own kind; unknown kinds are left to the cluster', () => {
  const text = `${deployment}---\napiVersion: v1\nkind: Service\nspec:\n  type: 7\n---\napiVersion: x/v1\nkind: Y\nz: 1\n`
  expect(words(text, check(text, find))).toEqual([['type', '7']])
})

test('YAML that cannot be read and conflicts that are left are problems of their own', () => {
  expect(check('a: [1', find).map(({ what }) => what.kind)).toContain('syntax')
  const text = 'a: 1\n<<<<<<< yours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n'
  expect(words(text, check(text, find))).toEqual([['conflict', '<<<<<<< yours']])
})

test('the fields of a map are offered, those that it has already are not', () => {
  const offered = labels(deployment.replace('  replicas: 2\n', '  replicas: 2\n  |\n'))
  expect(offered).toContain('strategy')
  expect(offered).not.toContain('replicas')
  expect(offered).not.toContain('selector')
})

test('fields are offered inside of an entry of a list, after its dash and below it', () => {
  expect(labels(deployment.replace('- containerPort: 80', '- |'))).toContain('hostPort')
  const below = labels(deployment.replace('image: nginx', 'image: nginx\n          |'))
  expect(below).toContain('imagePullPolicy')
  expect(below).not.toContain('image')
})

test('a list that stands as deep as its field is known as its list', () => {
  const flat = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    |\n'
  expect(labels(flat)).toContain('image')
  expect(labels('apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - |')).toContain('image')
  expect(labels('apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n  |\n')).toContain(
    'nodeName',
  )
})

test('what is chosen brings the next line with it where a map or list follows', () => {
  const { text, offset } = cursor('apiVersion: v1\nkind: Pod\nspec:\n  cont|')
  const found = suggest(text, offset, find)
  expect(text.slice(found?.from ?? 0, offset)).toBe('cont')
  expect(found?.items.find(({ label }) => label === 'containers')?.text).toBe('containers:\n  - ')
  expect(found?.items.find(({ label }) => label === 'securityContext')?.text).toBe(
    'securityContext:\n    ',
  )
})

test('values of a list and of yes or no are offered', () => {
  expect(labels('apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: |')).toEqual(['true', 'false'])
})

test('a field is explained by the cluster’s own words, with its type', () => {
  const { text, offset } = cursor(deployment.replace('replicas', 'rep|licas'))
  const told = explain(text, offset, find)
  expect(told).toMatchObject({ path: 'spec.replicas', type: 'integer (int32)' })
  expect(told?.text).toContain('Number of desired pods')
  const value = cursor(deployment.replace('image: nginx', 'image: ngi|nx'))
  expect(explain(value.text, value.offset, find)).toBeUndefined()
})

test('a schema that refers to itself has an end', () => {
  const schema = { $ref: '#/components/schemas/a' }
  const book = new SchemaBook({ components: { schemas: { a: { allOf: [schema] } } } })
  expect(book.shape(schema).types.size).toBe(0)
  const crd = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  versions:\n    - schema:\n        openAPIV3Schema:\n          properties:\n            a:\n              |\n`
  expect(labels(crd)).toContain('additionalProperties')
})
