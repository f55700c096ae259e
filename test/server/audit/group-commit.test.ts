import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Audit } from '../../../server/audit/index.ts'
import { type DatabaseHome, dialects } from '../../support/databases.ts'
import { attempt, openWorld, verdictOf } from './chains.ts'

describe.each(dialects)('group commit on $dialect', ({ dialect, home: open }) => {
  let home: DatabaseHome
  beforeAll(async () => {
    home = await open()
  })
  afterAll(() => home.end())

  // Printed, not asserted: the machine is shared.
  test('callers share their commits', async () => {
    const world = await openWorld(await home.fresh())
    await measure(world.audit, 1, 50)
    const alone = await measure(world.audit, 1, 200)
    const crowd = await measure(world.audit, 64, 4096)
    process.stdout.write(`${dialect}: alone ${alone}; 64 callers ${crowd}\n`)
    expect(await verdictOf(world)).toMatchObject({ status: 'intact', records: 4347 })
    await world.close()
  })
})

async function measure(audit: Audit, callers: number, records: number): Promise<string> {
  const took: number[] = []
  const begun = performance.now()
  const call = async () => {
    for (let turn = 0; turn < records / callers; turn++) {
      const start = performance.now()
      await audit.intent(attempt())
      took.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  const rate = (took.length / (performance.now() - begun)) * 1000
  took.sort((a, b) => a - b)
  const part = (share: number) => (took[Math.floor(took.length * share)] ?? 0).toFixed(1)
  return `p50 ${part(0.5)} ms, p99 ${part(0.99)} ms, ${rate.toFixed(0)} records/s`
}
