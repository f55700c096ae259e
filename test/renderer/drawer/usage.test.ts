import { describe, expect, test } from 'vitest'
import { withSample, type ObjectUsage } from '../../../renderer/data/usage.ts'
import type { Shape } from '../../../renderer/screens/drawer/shape.ts'
import { boundOf, lineOf } from '../../../renderer/screens/drawer/usage-line.ts'

const minute = 60_000
const start = Date.parse('2026-01-01T00:00:00Z')
const measured = (at: number, cpu: number) => ({
  status: 'measured' as const,
  at: new Date(start + at).toISOString(),
  items: [
    { name: 'other', cpu: 1, memory: 1, containers: [] },
    { name: 'web', cpu, memory: cpu * 1000, containers: [] },
  ],
})

describe('what was measured while something is looked at', () => {
  const after = (...them: [number, number][]) =>
    them.reduce<ObjectUsage | undefined>(
      (before, [at, cpu]) => withSample(before, 'web', measured(at, cpu)),
      undefined,
    )

  test('is kept once, however often it is asked for', () => {
    const { samples, latest } = after([0, 5], [0, 5], [minute, 7]) as ObjectUsage
    expect(samples).toEqual([
      { at: start, cpu: 5, memory: 5000 },
      { at: start + minute, cpu: 7, memory: 7000 },
    ])
    expect(latest?.cpu).toBe(7)
  })

  test('stays when nobody measures for a while, which is said', () => {
    const before = after([0, 5])
    const away = withSample(before, 'web', { status: 'unavailable', reason: 'it is away' })
    expect(away).toMatchObject({ unavailable: 'it is away', latest: undefined })
    expect(away.samples).toHaveLength(1)
    expect(withSample(away, 'web', measured(minute, 6)).samples).toHaveLength(2)
    expect(withSample(before, 'gone', measured(minute, 6))).toMatchObject({ latest: undefined })
  })

  test('has an end: the oldest go', () => {
    const many = Array.from({ length: 200 }, (_, at): [number, number] => [at * minute, at])
    const { samples } = after(...many) as ObjectUsage
    expect(samples).toHaveLength(120)
    expect(samples[0]?.cpu).toBe(80)
  })
})

describe('the line', () => {
  test('is of five minutes at least, and grows from then on', () => {
    const one = lineOf([{ at: start, cpu: 1, memory: 2 }], 'memory')
    expect(one).toEqual({
      times: [start / 1000],
      values: [2],
      span: [start / 1000 - 300, start / 1000],
    })
    const long = [0, 2, 4, 6, 8].map((it) => ({ at: start + it * minute, cpu: 1, memory: 2 }))
    expect(lineOf(long, 'cpu').span).toEqual([start / 1000, start / 1000 + 480])
  })

  test('is broken where nobody looked', () => {
    const samples = [0, 1, 9, 10].map((it) => ({ at: start + it * minute, cpu: it, memory: 0 }))
    expect(lineOf(samples, 'cpu').values).toEqual([0, 1, null, 9, 10])
  })
})

describe('a usage is held against', () => {
  const pod = {
    cluster: 'c',
    profile: 'p',
    group: '',
    version: 'v1',
    resource: 'pods',
    name: 'web',
  }
  const container = (name: string, limit?: string) => ({
    name,
    resources: { requests: { cpu: '100m' }, ...(limit && { limits: { cpu: limit } }) },
  })

  test('the limits of all containers together, else what they request', () => {
    const limited = { spec: { containers: [container('a', '1'), container('b', '500m')] } }
    expect(boundOf(pod, limited, 'cpu')).toEqual({ kind: 'limit', amount: 1500 })
    // One that may take all makes the limits of the others none of the pod.
    const open = { spec: { containers: [container('a', '1'), container('b')] } }
    expect(boundOf(pod, open, 'cpu')).toEqual({ kind: 'request', amount: 200 })
    expect(boundOf(pod, open, 'memory')).toBeUndefined()
  })

  test.each(['', '1 Gi', '-1', '9'.repeat(100), { an: 'object' }])(
    'nothing where %j stands for an amount',
    (limit) => {
      const node = { status: { allocatable: { cpu: limit } } }
      expect(boundOf({ ...pod, resource: 'nodes' }, node, 'cpu')).toBeUndefined()
      const spec = { containers: [{ name: 'a', resources: { limits: { cpu: limit } } }] }
      expect(boundOf(pod, { spec } as Shape, 'cpu')).toBeUndefined()
    },
  )

  test('what a node has for pods', () => {
    const node = { status: { allocatable: { cpu: '3920m', memory: '1Gi' } } }
    const target = { ...pod, resource: 'nodes' }
    expect(boundOf(target, node, 'cpu')).toEqual({ kind: 'capacity', amount: 3920 })
    expect(boundOf(target, node, 'memory')).toEqual({ kind: 'capacity', amount: 2 ** 30 })
  })
})
