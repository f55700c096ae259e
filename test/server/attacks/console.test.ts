import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Access } from '../../../server/access/index.ts'
import { Limits } from '../../../server/proxy/index.ts'
import { openDesk, type Clerk, type Desk } from '../console/desk.ts'

let desk: Desk
let boss: Clerk

beforeAll(async () => {
  desk = await openDesk()
  boss = await desk.clerk('admin')
})
afterAll(() => desk?.stop())

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => JSON.stringify(error),
  )

describe('an apply that fails', () => {
  test('leaves no word of a Secret in the audit log, and tells its author all of it', async () => {
    const documents =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: pin}\nstringData: {pin: 31415926}'
    for (const dry of [true, false]) {
      const apply = { ...boss.place, namespace: desk.namespace, documents, dry }
      expect(await refusalOf(boss.api.objects.apply(apply))).toContain('31415926')
    }
    const records = JSON.stringify(await desk.records(boss, 'objects.apply', 6))
    expect(records).toContain('could not be applied')
    expect(records).not.toContain('31415926')
  })

  test('has an answer that fits into memory, however large the objects are that it names', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `large-${index}`)
    for (const name of names)
      await desk.make(`/api/v1/namespaces/${desk.namespace}/configmaps`, {
        metadata: { name },
        data: { filling: 'x'.repeat(900_000) },
      })
    const documents = names
      .map((it) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${it}, labels: {a: b}}}`)
      .join('\n---\n')
    const apply = { ...boss.place, namespace: desk.namespace, documents, dry: true }
    const refusal = await refusalOf(boss.api.objects.apply(apply))
    expect(refusal.length).toBeLessThan(18 * 1024 * 1024)
    expect(refusal).toContain('too_large')
    expect(refusal.match(/"status":"changed"/g)).toHaveLength(10)
    expect(refusal.match(/Not tried: the objects before fill an answer/g)?.length).toBeGreaterThan(
      1,
    )
  })
})

describe('what one person asks at a time', () => {
  const outcomes = async (work: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(work)).map((it) =>
      it.status === 'fulfilled' ? 'done' : (it.reason as Error).message,
    )

  test('holds only so many lists of whole objects, whoever else asks meanwhile', () => {
    const most = 1_000_000
    const limits = new Limits({
      requestsPerPerson: most,
      requestsPerCluster: most,
      streamsPerPerson: most,
      streamsPerCluster: most,
      bodyBytes: most,
      signInsPerMinute: most,
      connectionsPerSource: most,
    })
    const enter = (id: string) =>
      limits.enter({ person: { id }, clusterId: 'one' } as Access, 'survey')
    const leave = Array.from({ length: 6 }, () => enter('ada'))
    const full = 'You have too many descriptions under way through this gateway'
    expect(() => enter('ada')).toThrow(full)
    enter('ben')
    leave[0]?.()
    enter('ada')
    expect(() => enter('ada')).toThrow(full)
  })

  test('counts with what it asks of the cluster by other ways', async () => {
    const ask = { verb: 'get', group: '', resource: 'pods', namespace: desk.namespace }
    const asks = Array.from({ length: 50 }, () => ask)
    const check = () => boss.api.rights.check({ ...boss.place, asks })
    const many = await outcomes(Array.from({ length: 20 }, check))
    expect(many).toContain('You have too many requests under way through this gateway')
    expect(await outcomes([check()])).toEqual(['done'])
  })
})
