import { expect, test } from 'vitest'
import type { KubernetesObject } from '#gateway/place.ts'
import { changeEdit, isDirty, startEdit, toSend } from '../../../renderer/data/editor/flow.ts'
import { fromYaml, toYaml } from '../../../renderer/data/editor/manifest.ts'
import { conflictsIn, decided, mergeTexts } from '../../../renderer/data/editor/merge.ts'
import { ownersByLine, touches } from '../../../renderer/data/editor/ownership.ts'
import { documentsOf } from '../../../renderer/data/editor/documents-of.ts'
import { AppError } from '#gateway/errors.ts'

const live: KubernetesObject = {
  status: { replicas: 1 },
  kind: 'Deployment',
  apiVersion: 'apps/v1',
  spec: {
    replicas: 1,
    template: { spec: { containers: [{ name: 'side' }, { name: 'web', image: 'nginx:1' }] } },
  },
  metadata: {
    name: 'web',
    resourceVersion: '5',
    managedFields: [
      {
        manager: 'kubectl',
        operation: 'Apply',
        time: '2026-01-01T00:00:00Z',
        fieldsV1: {
          'f:spec': {
            'f:template': {
              'f:spec': {
                'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } },
              },
            },
          },
        },
      },
      { manager: 'hpa', operation: 'Update', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
      {
        manager: 'kube-controller-manager',
        operation: 'Update',
        subresource: 'status',
        fieldsV1: { 'f:status': { 'f:replicas': {} } },
      },
    ],
  },
}

test('an object reads as one would write it, without its bookkeeping', () => {
  const text = toYaml(live)
  expect(text.split('\n').filter((line) => /^\w/.test(line))).toEqual([
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    'spec:',
    'status:',
  ])
  expect(text).not.toContain('managedFields')
  expect(fromYaml(text)).toMatchObject({ status: 'object', object: { kind: 'Deployment' } })
})

test('text that is no object is told with its line; an alias bomb is refused', () => {
  expect(fromYaml('a: 1\nb: [')).toMatchObject({ status: 'broken' })
  expect(fromYaml('- a')).toMatchObject({ status: 'broken' })
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'
      .split('')
      .map((it, at) => `${it}: &${it} [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]`),
  ].join('\n')
  expect(fromYaml(bomb).status).toBe('broken')
})

test('each line tells who owns it, entries of lists by their keys', () => {
  const text = toYaml(live)
  const owners = ownersByLine(text, live)
  expect(ownersByLine('a: [', live)).toBeUndefined()
  const of = (words: string) =>
    owners
      ?.get(text.split('\n').findIndex((line) => line.includes(words)) + 1)
      ?.map(({ manager }) => manager)
  expect(of('replicas: 1')).toEqual(['hpa'])
  expect(of('image: nginx:1')).toEqual(['kubectl'])
  expect(of('name: side')).toBeUndefined()
})

test('a change names the fields of others that it touches, not its own and not the status', () => {
  const after = structuredClone(live) as typeof live & {
    spec: { replicas: number; template: { spec: { containers: { image?: string }[] } } }
  }
  after.spec.replicas = 3
  const [, web] = after.spec.template.spec.containers
  if (web) web.image = 'nginx:2'
  expect(touches(live, { ...after, status: {} }, 'kubectl')).toEqual([
    { manager: 'hpa', path: ['spec', 'replicas'] },
  ])
  expect(touches(live, after, 'me').map(({ manager }) => manager)).toEqual(['hpa', 'kubectl'])
})

test('changes of different places merge, those of one place are marked and can be decided', () => {
  const base = 'a: 1\nb: 1\nc: 1\nd: 1\n'
  expect(mergeTexts('a: 2\nb: 1\nc: 1\nd: 1\n', base, 'a: 1\nb: 1\nc: 1\nd: 9\n')).toEqual({
    text: 'a: 2\nb: 1\nc: 1\nd: 9\n',
    conflicts: 0,
  })
  const { text, conflicts } = mergeTexts(
    'a: 1\nb: mine\nc: 1\n',
    'a: 1\nb: 1\nc: 1\n',
    'a: 1\nb: theirs\nc: 1\n',
  )
  expect(conflicts).toBe(1)
  const [conflict] = conflictsIn(text)
  if (!conflict) throw new Error('no conflict')
  expect(decided(text, conflict, 'mine')).toBe('b: mine')
  expect(decided(text, conflict, 'theirs')).toBe('b: theirs')
  expect(decided(text, conflict, 'both')).toBe('b: mine\nb: theirs')
})

test('nothing is sent that is unchanged, broken or in conflict', () => {
  const edit = startEdit(live)
  expect(isDirty(edit)).toBe(false)
  expect(toSend(edit)).toEqual({ word: { kind: 'same' } })
  const typed = (text: string) => toSend(changeEdit(edit, { type: 'typed', text }))
  expect(typed('a: [')).toMatchObject({ word: { kind: 'broken' } })
  expect(typed('<<<<<<< yours\na\n=======\nb\n>>>>>>> theirs')).toEqual({
    word: { kind: 'merged', conflicts: 1 },
  })
  expect(typed(edit.text.replace('replicas: 1', 'replicas: 4'))).toMatchObject({
    object: { spec: { replicas: 4 } },
  })
})

test('a writer in between is merged into the text and reviewed again, never overwritten', () => {
  const start = startEdit(live)
  const mine = changeEdit(start, { type: 'typed', text: start.text.replace('nginx:1', 'nginx:2') })
  const newest = {
    ...live,
    metadata: { name: 'web', resourceVersion: '6' },
    spec: { ...Object(live['spec']), replicas: 7 } as unknown,
  }
  const merged = changeEdit(changeEdit(mine, { type: 'review' }), { type: 'newer', object: newest })
  expect(merged).toMatchObject({
    step: { status: 'editing' },
    word: { kind: 'merged', conflicts: 0 },
    edition: 1,
  })
  expect(toSend(merged)).toMatchObject({
    object: { metadata: { resourceVersion: '6' }, spec: { replicas: 7 } },
  })
  expect(merged.text).toContain('nginx:2')
})

test('saving needs a review, and begins a new edit from what the cluster has', () => {
  const start = startEdit(live)
  expect(changeEdit(start, { type: 'save' })).toBe(start)
  const reviewed = changeEdit(start, { type: 'reviewed', object: live, before: live, after: live })
  const saving = changeEdit(reviewed, { type: 'save' })
  expect(saving.step.status).toBe('saving')
  expect(changeEdit(saving, { type: 'saved', after: live })).toMatchObject({
    step: { status: 'editing' },
    word: { kind: 'saved' },
  })
})

test('the results of an apply that failed in part are read from the error, strange ones left out', () => {
  const good = { index: 0, kind: 'Pod', name: 'a', status: 'created' }
  const error = new AppError('invalid_input', 'one failed', { documents: [good, { index: 'x' }] })
  expect(documentsOf(error)).toEqual([good])
  expect(documentsOf(new Error('other'))).toEqual([])
})
